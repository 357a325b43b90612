# 文书
letter-award = 奖补决定书
letter-refusal = 不予认定决定书
letter-rejection = 不予受理决定书
letter-annulment = 撤销决定书
letter-change = 变更决定书
letter-number = 编号
letter-grants = 经审核并公示，{ $to }符合“{ $about }”的条件（办件 { $case }），决定给予。
letter-refuses = 经审核，{ $to }的“{ $about }”（办件 { $case }）不符合规定条件，决定不予认定，理由如下。
letter-rejects = { $to }申报的“{ $about }”（办件 { $case }）经形式审查决定不予受理，理由如下。本决定不涉及实质条件。
letter-annuls = 对{ $to }作出的“{ $about }”（办件 { $case }）决定予以撤销，理由如下。
letter-changes = 对{ $to }作出的“{ $about }”（办件 { $case }）决定予以变更如下。
letter-amount = 金额
letter-yuan = 元
letter-basis = 依据与理由
letter-rules-of = 规则适用日
letter-appeal = 救济途径
letter-appeal-how = 如不服本决定，可自收到之日起{ $days }日内向{ $to }申请行政复议。
