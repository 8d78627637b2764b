-- title: How much is hidden
-- answers: How many figures are shown, coded, hidden or without answers, by wave and kind of area?
select
    wave,
    level,
    count(*) filter (where status = 'shown') as n_shown,
    count(*) filter (where status in ('coded_below', 'coded_above')) as n_coded,
    count(*) filter (where status = 'suppressed') as n_suppressed,
    count(*) filter (where status = 'no_answers') as n_no_answers
from v_estimate_long
group by wave, level
order by wave, level
