# 登录、二次验证、我的账户
signin-as = 选择一位演示人员
signin-as-others = 其他申请人
signin-provider = 使用统一身份认证登录
signin-local = 本系统账户
signin-person = 用户标识
signin-password = 密码
signin-code = 动态验证码（6 位）
signin-wrong = 标识、密码或验证码不正确，或尝试次数过多。请核对后再试；连续失败将暂停 15 分钟。
signin-refused = 未能登录
signin-again = 重新登录
signin-provider-fails = 统一身份认证暂时没有正常应答，请稍后再试。
signin-provider-denied = 统一身份认证没有确认您的身份。
signin-not-begun = 这次登录不是在本浏览器发起的，或者已经使用过、已经超时。
signin-provider-token = 统一身份认证返回的身份信息不能通过核验。
signin-nobody = 身份认证成功，但本系统中没有与“{ $subject }”绑定的人员。请联系管理员绑定。
signin-another = 再次验证身份的不是当前登录的人。

step-up-why = 涉及资金和账户的操作，须在五分钟之内再次验证身份。
step-up-wrong = 验证码不正确、已经使用过，或尝试次数过多。
step-up-provider = 到统一身份认证再次验证
step-up-demo = 演示环境不需要验证码，点击即可。

account = 我的账户
account-duties = 职责
account-duties-today = 今日有效的职责
account-role = 职责
account-scope = 范围
account-all = 全部
account-sessions = 登录状态
account-sessions-now = 当前已登录的浏览器
account-device = 浏览器
account-since = 登录时间
account-seen = 最近使用
account-here = （本浏览器）
account-sign-out = 退出全部登录
