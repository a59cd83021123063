"""The outlets and how they are reached: catalogue, polite client, captures, replay."""
