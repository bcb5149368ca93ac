-- 97.5 % quantile of Student's t distribution; NULL without a degree of freedom.
-- Up to 30 degrees as tabulated, above by the expansion of Fisher and Cornish (1960), which is right to seven digits there.
-- arguments: degrees
case
    when degrees between 1 and 30 then [
        12.7062047362, 4.30265272975, 3.18244630528, 2.7764451052, 2.57058183564, 2.44691185114,
        2.36462425159, 2.3060041352, 2.2621571628, 2.22813885199, 2.20098516009, 2.17881282967, 2.16036865646,
        2.14478668792, 2.13144954556, 2.11990529922, 2.10981557783, 2.10092204024, 2.09302405441,
        2.08596344727, 2.07961384473, 2.0738730679, 2.06865761042, 2.06389856163, 2.05953855275,
        2.05552943864, 2.05183051648, 2.0484071418, 2.04522964213, 2.0422724563
    ][cast(degrees as integer)]
    when degrees > 30 then
        1.959963984540054 + 2.372271230298562 / degrees + 2.8224986157396112 / power(degrees, 2) + 2.555849679507722 / power(degrees, 3)
        + 1.5895340533938225 / power(degrees, 4)
end
