"""The pipeline: what the product knows of sales and marketing. The plumbing is in `pipeline_etl`, the SQL in `sql`."""
