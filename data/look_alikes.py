"""Characters that text recognition takes for each other on a poor scan, in groups of a common look."""

from __future__ import annotations

from banmian.data.wordlist import listed

_GROUPS = listed("""
己已巳 未末 土士工 日曰目 人入八 大太犬 天夫无 千干于 午牛 今令 侯候 戊戌戍 拔拨 微徽 板扳 治冶 析折拆
准淮 住往佳 刀力 贝见 乌鸟 兔免 田由甲申 自白百 王玉主 木本术 问间闻 外处 市布 学字 员贡 贵责 没设
论沦 请清情 谈淡 记纪 订汀 材村 校枚 根粮 陪部 防妨 院皖 会合 名各 全金 企止 区匹 县且 公分 关天 万方
开升 并井 再冉 生牛 产户 业亚 民尺 居屋 医区 疫疲 控拉 情惰 社杜 要耍 求永 水木 永求 上土 下丁 小少
发友 及乃 及反 反友 头买 实买 卖实 书片 长卡 省看 著着 者考 老考 委季 李季 秀季 和利 种钟 科料 政改
收攻 放故 敢政 教孝 加如 办为 力万 势执 助肋 动功 幼动 务条 各务 条杂 标怀 构沟 购构 抓爪 挂桂 持待 特持
时吋 对村 付什 代伐 任住 位拉 供洪 保堡 信倍 修俊 便使 使便 元无 先失 光先 免兑 共其 其具 具真 直真 内肉
册删 军车 农衣 决块 况祝 冷泠 凉谅 减咸 几儿 出山 击出 刘列 列例 则贝 到倒 制刺 勇男 北比 半羊 华毕 协办
单草 南甫 卫工 印卯 历厉 厅庁 压庄 厂广 原源 去丢 参叁 双叉 取职 受爱 变恋 口囗 古占 只兄 史吏 司同 向问
吗妈 告吉 周同 品晶 商高 喜善 回四 因困 团因 困囷 国围 图围 园圆 在左 地他 场扬 坚竖 城诚 基墓 增憎 声芦
复夏 夜液 女文 好奶 妇妃 始姑 子于 存在 孩该 安女 完宗 定足 宜宣 宣宜 家冢 容客 客容 密蜜 察祭 封卦
射谢 导异 局届 层尾 展屏 山屾 岁岗 川州 州洲 巡迅 左右 差着 希布 师帅 带芾 常党 帮邦 序库 应庆 庆应 店占
度席 座坐 延廷 建健 弟第 张涨 强弦 归旧 当尘 彻砌 征证 律津 德得 心必 志忘 快块 态杰 思恩 急总 总急
0O 1l 5S 6b 8B 2Z
""")


def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for group in _GROUPS:
        for char in group:
            others = table.get(char, "") + group.replace(char, "")
            table[char] = "".join(dict.fromkeys(others))
    return table


#: Character → those it is taken for.
LOOK_ALIKES: dict[str, str] = _table()
