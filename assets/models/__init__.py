"""The few tables that SQL cannot say, one module each; its list MODELS is found."""
