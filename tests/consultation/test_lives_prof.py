import cProfile, pstats, time
from tests.consultation.test_lives import *
async def test_prof(city):
    c0=time.process_time(); t0=time.monotonic()
    pr=cProfile.Profile(); pr.enable()
    played = await play(city, 40, seed=2026)
    pr.disable()
    print("cpu", time.process_time()-c0, "wall", time.monotonic()-t0, sum(played.done.values()))
    print(len(await city.sql("select 1 from app.outbox")), [tuple(r) for r in await city.sql("select kind,count(*),sum(cardinality(reacted)) from app.outbox group by 1 order by 2 desc")])
    pstats.Stats(pr).sort_stats("cumulative").print_stats(70)
