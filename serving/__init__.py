"""The only inference code of the project: bundle, engine, desk, REST and page."""
