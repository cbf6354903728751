using System.Globalization;
using System.Text;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Column names of vendors. Case, blanks, brackets and punctuation are ignored: <c>&lt;DTYYYYMMDD&gt;</c>, <c>Close/Last</c> and
/// <c>open_time</c> are <c>dtyyyymmdd</c>, <c>closelast</c> and <c>opentime</c>. If several columns have one meaning, the name listed first
/// here is used.
/// </summary>
internal static class ColumnNames
{
    private static readonly (Field Field, string Names)[] Table =
    [
        (Field.Time, "ts timestamp datetime datetimeutc opentime transacttime windowstart tsevent unix unixtime unixtimestamp epochtime "
            + "eventtime timeexchange "
            + "exchangetimestamp siptimestamp snappedat participanttimestamp tradetimestamp timestampms timestampus timestampns timems "
            + "timeus timens gmttime utctime timeutc utc dateutc "
            + "timeperiodstart starttime begintime begin start createdat createdtime localtime timeeet estdatetime datumzeit"),
        (Field.Date, "date day dtyyyymmdd yyyymmdd tradedate tradingdate tradingday pricedate datum fecha data 日期 交易日期 日付 日付け 날짜 일자"),
        (Field.Clock, "time tradetime timeofday hhmmss zeit uhrzeit hora ora heure 时间 時間 時刻 시간"),
        (Field.Symbol, "symbol ticker stocksymbol sym instid instrument instrumentid instrumentname productid pair currencypair "
            + "tradingsymbol code security secid contract 代码 股票代码"),
        (Field.Isin, "isin"),
        (Field.Open, "open o openingprice openprice priceopen bidopen eröffnung eroeffnung ouverture apertura abertura 开盘 开盘价 開盤價 始値 시가"),
        (Field.High, "high h highprice pricehigh bidhigh hoch höchst plushaut haut máximo maximo massimo máxima maxima 最高 最高价 最高價 高値 고가"),
        (Field.Low, "low l lowprice pricelow bidlow tief plusbas bas mínimo minimo mínima minima 最低 最低价 最低價 安値 저가"),
        (Field.Close, "close c closingprice closelast closeprice priceclose bidclose settle settlement settlementprice schluss schlusskurs "
            + "clôture cloture cierre "
            + "fechamento chiusura 收盘 收盘价 收盤價 終値 종가"),
        (Field.Price, "price p px tradeprice executionprice fillprice kurs preis prix dernier último ultimo 价格 成交价 현재가"),
        (Field.Last, "last lastprice"),
        (Field.Volume, "volume v vol volumen volumebase basevolume volumetraded volumefrom sharestraded totalvolume tottrdqty ttltrdqnty "
            + "成交量 出来高 거래량 tickvol tickvolume"),
        (Field.Size, "size quantity qty lastsize sz q tradesize tradeqty tradequantity lastqty baseqty shares"),
        (Field.Amount, "amount tradeamount"),
        (Field.Condition, "condition conditions salecondition saleconditions tradecondition"),
        (Field.Bid, "bid bidprice bestbid bidpx bidpx00 pricebid bestbidprice"),
        (Field.BidSize, "bidsize bidvolume bidqty bidsz bidsz00 bidamount bidquantity bestbidsize bestbidqty"),
        (Field.Ask, "ask askprice offer ofr bestask askpx askpx00 priceask bestaskprice"),
        (Field.AskSize, "asksize askvolume askqty asksz asksz00 askamount askquantity bestasksize bestaskqty offersize ofrsiz"),
        (Field.Side, "side ordertype takerside aggressorside tradeside direction buysell"),
        (Field.Trade, "tradeid aggtradeid trdmatchid matchid execid isbuyermaker buyermaker"),
        (Field.Seq, "seq"),
        (Field.Source, "source"),
        (Field.Epoch, "epoch"),
        (Field.Kind, "kind datatype"),
        (Field.Service, "service"),
        (Field.Frame, "frame interval timeframe granularity per"),
        (Field.Score, "sentimentscore"),
        (Field.Magnitude, "sentimentmagnitude"),
        (Field.MarketCap, "marketcap"),
        (Field.PeRatio, "peratio"),
        (Field.Indicator, "indicatorname"),
        (Field.Value, "value"),
    ];

    private static readonly Dictionary<string, (Field Field, int Rank)> ByName = Table
        .SelectMany(row => row.Names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((name, rank) => (name, row.Field, rank)))
        .ToDictionary(entry => entry.name, entry => (entry.Field, entry.rank), StringComparer.Ordinal);

    /// <summary>The field of a column name and the rank of the name for it (0 is best); <see cref="Field.None"/> if unknown.</summary>
    public static (Field Field, int Rank) Find(string name)
    {
        var key = Key(name);
        if (ByName.TryGetValue(key, out var found)) return found;

        // "Volume BTC" beside "Volume USD": the one in the currency is not the traded quantity.
        if (key.StartsWith("volume", StringComparison.Ordinal) && key.Length is > 6 and <= 11 && !IsMoney(key[6..]))
            return (Field.Volume, 100);
        if (key.StartsWith("gmttime", StringComparison.Ordinal) || key.StartsWith("datetime", StringComparison.Ordinal))
            return (Field.Time, 100);
        return (Field.None, 0);
    }

    /// <summary>Maps columns to fields. Each field is assigned to the column with the best name; the others are not read.</summary>
    public static Field[] Map(IReadOnlyList<string> names)
    {
        var columns = new Field[names.Count];
        var found = names.Select((name, index) => (Find(name).Field, Find(name).Rank, Index: index));
        foreach (var group in found.GroupBy(column => column.Field))
        {
            if (group.Key != Field.None)
                columns[group.OrderBy(column => column.Rank).ThenBy(column => column.Index).First().Index] = group.Key;
        }

        if (!columns.Any(column => column is Field.Time or Field.Date or Field.Clock))
        {
            for (var i = 0; i < columns.Length; i++)
            {
                if (Key(names[i]) != "t") continue;
                columns[i] = Field.Time;
                break;
            }
        }

        if (!columns.Contains(Field.Time)) return columns;
        return [.. columns.Select(column => column is Field.Date or Field.Clock ? Field.None : column)]; // repeats the same time
    }

    /// <summary>The normalised name, without ignored characters.</summary>
    public static string Key(string name)
    {
        var key = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (char.IsLetterOrDigit(c)) key.Append(char.ToLower(c, CultureInfo.InvariantCulture));
        }

        return key.ToString();
    }

    private static bool IsMoney(string unit) => unit is "usd" or "usdt" or "usdc" or "busd" or "eur" or "gbp" or "jpy" or "krw" or "quote"
        or "to" or "value" or "weighted" or "avg" or "ma" or "notional" or "24h" or "change";
}
