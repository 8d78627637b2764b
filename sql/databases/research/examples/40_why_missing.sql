-- title: Answers that are not there
-- answers: How many answers of each item are given, blank, declined, withheld or not asked?
select
    wave,
    item_id,
    status,
    count(*) as n_respondents
from v_answer_long
group by wave, item_id, status
order by wave, item_id, status
