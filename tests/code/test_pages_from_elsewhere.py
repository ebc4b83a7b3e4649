"""Pages as people have them, from no paper and no layout of the bench."""

from __future__ import annotations

from collections import Counter

import pytest

from banmian.data.page import read_page
from banmian.data.spans import characters
from banmian.data.text import squeeze

HARBOUR = """第3版：要闻
2016年9月22日　星期四
港区集疏运铁路昨日铺轨
全长18.6公里 预计明年6月开通
海岬晚报记者 佟 磊
通讯员 卞春生 阮小芹
　　本报讯 昨天上午9时，随着第一组轨排平稳落
下，港区集疏运铁路正式开始铺轨。这条铁路自港
区西作业区引出，接入既有货运站，全长18.6公里。
　　项目负责人介绍，线路建成后，集装箱可以从码
头前沿直接装车，每个标准箱的短驳费用能省下130
元左右。“以前卡车排队两公里，司机夜里就睡在驾驶
室。”在港口开了十五年拖车的吴大海说。
（下转第5版）
早市搬进新棚 摊主先试了三天
海岬晚报记者 祁 芸
　　过去占着半条马路的渔湾早市，昨天搬进了新建
的遮雨棚。186个摊位按蔬菜、水产、熟食分区，水电
接到了每个摊位。
　　卖海蛎子的陈阿姨来得最早。她说，搬之前社区让
大家先试摆了三天，水龙头高了十厘米，第二天就改了
过来。“愿意听我们说话，这就好。”
　　市场管理方表示，新棚每天凌晨4点开放，9点收
市，收市后由专人冲洗地面。
关于渔湾路恢复双向通行的通告
　　因渔湾早市迁入新址，经市政府同意，现将有关
事项通告如下：
　　一、自2016年9月23日零时起，渔湾路（海滨路至
堤顶路段）恢复机动车双向通行。
　　二、严禁在该路段占道经营，违者由城管执法部门
依法处理。
海岬市公安局交通警察支队
2016年9月20日
责任编辑：洪 亮 版式：丁 当
"""

PORTAL = """首页 > 民生 > 正文
字号：大 中 小
老小区装上电梯，一楼的邻居先点了头
2023-05-18 07:42:15 来源：云麓新闻网 浏览量：3281
分享到：微信 微博 QQ空间
云麓新闻网讯（记者 柯静）“下来啦！”5月17日傍晚，85岁的邹奶奶第一次坐着电梯下了楼，邻居们站在单元门口鼓起掌来。

这栋建于1994年的六层居民楼，住着12户人家，平均年龄超过63岁。加装电梯的事，前前后后商量了两年，最难的一关是采光。一楼的廖师傅把设计图看了又看，最后自己提出，把连廊改成玻璃的。

“我也会老，也要去六楼看老同事。”廖师傅说。

据街道介绍，今年辖区计划加装电梯40部，目前已开工17部，每部由市、区两级补助20万元。
（责编：何苗）
上一篇：没有了
下一篇：暴雨蓝色预警发布
相关阅读
免责声明：本网转载内容仅供参考。
"""

TRADITIONAL = """三芝環保公園重新開放
志工巡守步道 單車道延長兩公里
本報記者 簡志宏／北海岸報導
歷經八個月整修，三芝環保公園昨天重新開
放。園區保留原有的樹林，新增雨水花園和無障
礙步道，單車道也延長了兩公里。

公所表示，整修經費共四千六百萬元，其中一
半用在排水。過去每逢大雨就淹水的草坪，現在
改成可以蓄水的窪地，旱季則開放民眾野餐。

住在附近的林太太帶著孫子來玩。她說，以前
推嬰兒車要繞一大圈，「現在一路都是平的，走起
來安心多了」。
志工隊昨在步道入口導覽。記者簡志宏／攝

圖書館夜間開館 上班族捧場
本報記者 葉心怡／北海岸報導
市立圖書館自本月起週五、週六延長開放到晚
間十時，首週就有一千二百人次入館，其中七成
是下班後才來的上班族。

館方說，夜間不辦活動，只把燈調暗一些，讓
讀者安靜看書；咖啡機是唯一會響的東西。
"""

LETTER = """巷口那封信
白沙时报记者 靳 一
3月2日早上，和平里小区18个单元的门上，都贴了一封信。
信是社区写的，一共四条，没有一句客套话。
致和平里全体居民的一封信
一、3月5日起更换燃气立管，每个单元停气一天，请提前备好开水。
二、施工期间楼道堆物请自行清理，清理不动的，打电话给网格员。
三、家中有80岁以上老人的，社区中午送饭上门，每份收费8元。
四、哪家因为停气吃不上饭，算社区的。
和平里社区居民委员会
2021年3月1日
第四条是书记瞿红坚持写上的。她说，通知写得再好看，不如把话说死。
三天下来，社区食堂一共送出216份午饭。88岁的老钳工谷师傅吃完，把饭盒洗得干干净净，还在盒盖上压了两颗糖。
立管换完那天，谷师傅又写了一封信，贴在社区门口，只有一句：“气通了，菜也热了。”
"""

BOXED = """河东新区试点“错峰下课”
放学路口少堵了一半
晨曦都市报记者 芮 敏
　　从这周起，河东新区的六所小学开始错峰下课：
一二年级15点50分，三四年级16点10分，五六年级
16点半。

　　昨天下午，记者在实验小学门口看到，家长按年
级站在三个等候区，校门前的车流没有断过，也没有
停过。交警说，最堵的20分钟里，车辆排队长度从
420米降到了200米。

　　也有家长提出，家里两个孩子不同年级，要等上
40分钟。学校为此开了图书室，让先下课的孩子看书
等哥哥姐姐。

小贴士
　　错峰下课期间，校门口两侧100米内禁止停车；
请家长提前查看学校公众号上的等候区示意图。

新区图书馆周末加开地铁接驳车
　　新区图书馆昨天宣布，从本周六起加开地铁接驳
车，往返于地铁会展站与图书馆之间，每20分钟一
班，免费乘坐。

　　接驳车首班9点，末班20点30分。馆方表示，运行
一个月后将根据客流调整班次。
"""


def headlines(page: str) -> list[str]:
    return [article.headline.text for article in read_page(page).articles]


def bodies(page: str) -> list[list[str]]:
    return [[block.text for block in article.body] for article in read_page(page).articles]


def test_a_harbour_city_s_page_with_a_jump_line_two_line_bylines_and_a_notice() -> None:
    issue = read_page(HARBOUR)
    rail, market, notice = issue.articles
    assert rail.headline.text == "港区集疏运铁路昨日铺轨 全长18.6公里 预计明年6月开通"
    assert rail.byline == "海岬晚报记者 佟 磊 通讯员 卞春生 阮小芹"
    assert [block.text[:6] for block in rail.body] == ["本报讯 昨天", "项目负责人介"]
    assert market.headline.text == "早市搬进新棚 摊主先试了三天"
    assert [block.text[-4:] for block in market.body] == ["个摊位。", "就好。”", "洗地面。"]
    assert notice.headline.text == "关于渔湾路恢复双向通行的通告"
    assert [block.text[:2] for block in notice.body] == ["因渔", "一、", "二、"]
    assert notice.signature == "海岬市公安局交通警察支队 2016年9月20日"
    assert issue.furniture == (
        "第3版：要闻",
        "2016年9月22日　星期四",
        "（下转第5版）",
        "责任编辑：洪 亮 版式：丁 当",
    )


def test_a_story_copied_from_a_portal_with_all_that_stands_around_it() -> None:
    issue = read_page(PORTAL)
    (article,) = issue.articles
    assert article.headline.text == "老小区装上电梯，一楼的邻居先点了头"
    assert [block.text[:5] for block in article.body] == [
        "云麓新闻网",
        "这栋建于1",
        "“我也会老",
        "据街道介绍",
    ]
    assert "2023-05-18 07:42:15 来源：云麓新闻网 浏览量：3281" in issue.furniture
    assert len(issue.furniture) == 9


def test_a_page_in_traditional_characters() -> None:
    park, library = read_page(TRADITIONAL).articles
    assert park.headline.text == "三芝環保公園重新開放 志工巡守步道 單車道延長兩公里"
    assert park.byline == "本報記者 簡志宏／北海岸報導"
    assert [block.text[:3] for block in park.body] == ["歷經八", "公所表", "住在附"]
    assert park.captions == ("志工隊昨在步道入口導覽。記者簡志宏／攝",)
    assert library.headline.text == "圖書館夜間開館 上班族捧場"
    assert [block.text[:3] for block in library.body] == ["市立圖", "館方說"]


def test_a_letter_quoted_inside_a_story_stays_inside_it() -> None:
    (article,) = read_page(LETTER).articles
    assert article.headline.text == "巷口那封信"
    assert article.byline == "白沙时报记者 靳 一"
    assert article.body[0].text.startswith("3月2日早上")
    assert article.body[-1].text.startswith("立管换完那天")
    assert len([block for block in article.body if block.text[:2] in ("一、", "二、", "三、", "四、")]) == 4


def test_a_box_and_a_story_without_a_byline_are_articles_of_their_own() -> None:
    assert headlines(BOXED) == [
        "河东新区试点“错峰下课” 放学路口少堵了一半",
        "小贴士",
        "新区图书馆周末加开地铁接驳车",
    ]
    assert [len(body) for body in bodies(BOXED)] == [3, 1, 2]


MEDIA_CENTRE = """返回首页
[字号 大 中 小] [打印] [关闭]
青石县老茶厂改成民宿 村民年底分了红
发布时间：2022-11-03 09:12  来源：青石县融媒体中心  阅读：1,024 次
    11月1日，在青石县白果乡老茶厂，42户村民领到了第一笔分红，最多的一户领了6800元。
    这座茶厂停产已有十一年。去年3月，村里把闲置厂房入股，与一家旅游公司合办民宿，村集体占四成股份。
    “以前这里堆农具，现在住客人。”村支书蒋凡说，民宿开业8个月，接待游客9600多人次，带动27名村民就业。
责任编辑：吴倩 审核：邓岚
分享到：微信 微博
点赞 36
评论(12)
网友评论
打开APP阅读全文
上一篇：县城新增两处口袋公园
下一篇：全县油菜完成播种
相关阅读
白果乡核桃卖到了省城
老茶厂的前世今生
版权声明：未经授权不得转载
湘ICP备00000000号
"""

HALF_WIDTH = """Riverside Evening News 2018-06-21
夜校开在菜市场楼上
记者 方 竹

晚上7点半,鼓楼菜市场二楼的灯亮了.卖豆腐的周姐解下围裙,
走进教室,今天学的是"怎样看懂体检单".

这所夜校由街道和市二医院合办,每周三晚上开课,已经上了
12期.来听课的多是摊主,年纪最大的71岁.

"以前单子上的箭头看得心慌,现在知道该挂哪个科了."周姐说.
"""

SEVERAL_BYLINES = """　　记者从市交通局获悉，滨河大道北段改造工程将于
5月底完工，届时双向六车道全部放开。
　　施工方负责人介绍，目前剩余工程量为沥青铺设和
标线施划，夜间作业时间为22时至次日5时。
滨河大道北段月底完工
双向六车道全部放开
见习记者 卢 笛
通讯员 邵 丹 熊 力
　　新华社南京5月9日电（记者 常青）我国科研团队
研制的一款新型水下机器人日前完成千米级海试。
　　据介绍，这款机器人可连续作业12小时，已在三个
海域开展试验。
新型水下机器人完成千米级海试
"""


def test_a_county_s_media_centre_with_buttons_counts_and_other_stories() -> None:
    issue = read_page(MEDIA_CENTRE)
    (article,) = issue.articles
    assert article.headline.text == "青石县老茶厂改成民宿 村民年底分了红"
    assert [block.text[:3] for block in article.body] == ["11月", "这座茶", "“以前"]
    assert len(issue.furniture) == 16
    assert "老茶厂的前世今生" in issue.furniture


def test_half_width_marks() -> None:
    (article,) = read_page(HALF_WIDTH).articles
    assert article.headline.text.endswith("夜校开在菜市场楼上")
    assert article.byline == "记者 方 竹"
    assert [block.text[:5] for block in article.body] == ["晚上7点半", "这所夜校由", '"以前单子']


def test_headlines_below_with_several_bylines_and_an_agency_s_dispatch() -> None:
    road, robot = read_page(SEVERAL_BYLINES).articles
    assert road.headline.text == "滨河大道北段月底完工 双向六车道全部放开"
    assert road.byline == "见习记者 卢 笛 通讯员 邵 丹 熊 力"
    assert [block.text[:3] for block in road.body] == ["记者从", "施工方"]
    assert robot.headline.text == "新型水下机器人完成千米级海试"
    assert [block.text[:3] for block in robot.body] == ["新华社", "据介绍"]


@pytest.mark.parametrize(
    "page", [HARBOUR, PORTAL, TRADITIONAL, LETTER, BOXED, MEDIA_CENTRE, HALF_WIDTH, SEVERAL_BYLINES]
)
def test_nothing_is_lost_and_every_block_stands_where_its_places_say(page: str) -> None:
    issue = read_page(page)
    assert characters(issue) == Counter(squeeze(page))
    for article in issue.articles:
        for block in article.blocks:
            cut = "".join(page[place.start : place.end] for place in block.places)
            assert squeeze(cut) == squeeze(block.text)
