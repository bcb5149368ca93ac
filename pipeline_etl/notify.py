def faults(t): return []
