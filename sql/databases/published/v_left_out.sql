-- Respondents whose answers are not counted, with what an empty cell means in words.
select
    wave,
    stage,
    reason,
    if(is_suppressed, 'suppressed', 'shown') as status,
    n_respondents
from left_out
