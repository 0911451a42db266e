"""Folders of any size, counted shard by shard on this machine or on a Dask cluster."""
