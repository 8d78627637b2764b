-- title: What stands out
-- answers: In which areas is a share higher than what it is set beside, beyond chance?
select
    wave,
    area,
    measure_en,
    kind,
    reference,
    difference
from v_comparison
where verdict = 'higher' and status = 'shown' and grade = 'all' and gender = 'all'
order by
    wave desc,
    difference desc nulls last,
    area asc,
    measure_en asc,
    kind asc,
    reference asc
