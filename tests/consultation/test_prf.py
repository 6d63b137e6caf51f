import time, gc
import pytest
from tests.consultation.test_lives import play, city, lawyers, anyio_backend
pytestmark = pytest.mark.anyio
async def test_it(city, lawyers):
    for threshold in (700, 100_000):
        gc.set_threshold(threshold, 50, 50)
        c0=time.process_time(); t0=time.monotonic()
        played = await play(city, lawyers, 100, seed=7)
        print(threshold, "cpu", time.process_time()-c0, "wall", time.monotonic()-t0, sum(played.done.values()))
