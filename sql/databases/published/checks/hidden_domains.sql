-- refuses: numbers of respondents that are hidden and stand there, or are shown and do not
select count(*)
from domain
where (status = 'shown') <> (n_respondents is not null)
