using ActorTrading.Calendars;
using ActorTrading.Domain.Plans;

namespace ActorTrading.TestKit.Folding;

/// <summary>Plans that together use every frame, calendar and price source, with rules that fire often.</summary>
public static class TestPlans
{
    /// <summary>The plans by name.</summary>
    public static IReadOnlyDictionary<string, Plan> All { get; } = new Dictionary<string, Plan>
    {
        ["every frame"] = Plan.Parse(
            """
            {
              "frames": ["tick", "1s", "1min", "5min", "15min", "1hour", "1day"],
              "indicators": ["ema(3)", "vwap", "rsi(3)", "donchian(4).upper@1min", "macd(2,4,2)@5min"],
              "rules": [
                "buy when ema(3) crosses above close on 1min",
                "sell when close < ema(3) on tick and close@1min > ema(3)@5min",
                "alert when volume > 10 for 2 bars on 5min cooldown 1hour",
                { "name": "mixed", "rule": "buy when rsi(3)@1min < 60 and not close@1hour > 1000000" },
                "alert when close > open on 1hour",
                "buy when close crosses above vwap on tick cooldown 1min"
              ],
              "limits": { "spike": { "percent": 50, "within": "10min" } },
              "symbols": { "BTC/USD": { "frames": ["5min", "1day"], "rules": ["alert when close != open on 5min"], "indicators": ["obv", "sma(2)@tick"] } }
            }
            """),
        ["bids in New York"] = Plan.Parse(
            """
            {
              "calendar": "us-equities", "price": "bid", "frames": ["1min", "1hour", "1day"],
              "indicators": ["sma(2)", "vwap@tick", "atr(2)@1hour"],
              "rules": ["sell when close < sma(2) on 1min", "buy when close > sma(2) on 1hour", "alert when close > vwap on tick"]
            }
            """),
        ["middles, with frames left out"] = Plan.Parse(
            """
            {
              "price": "mid", "frames": ["1s", "5min", "1hour"],
              "indicators": ["wma(3)", "bollinger(3,2)"],
              "rules": ["alert when close crosses below wma(3) on 5min"],
              "limits": { "spike": { "percent": 30, "within": "1min" } }
            }
            """),
        ["trades in New York"] = Plan.Parse(
            """
            {
              "calendar": "us-equities", "frames": ["5min", "15min", "1day"],
              "indicators": ["vwap", "adx(2)", "stochastic(3,2,2)"],
              "rules": ["buy when close > vwap on 5min cooldown 15min", "sell when close < vwap on 1day"]
            }
            """),
        ["asks, ticks alone"] = Plan.Parse(
            """
            {
              "price": "ask", "frames": ["tick"], "indicators": ["ema(5)", "stddev(4)"],
              "rules": ["sell when close crosses below ema(5) on tick"]
            }
            """),
        ["weeks and months"] = Plan.Parse(
            """
            {
              "frames": ["1week", "1month"], "indicators": ["obv", "truerange"], "rules": ["alert when close > open on 1month"],
              "symbols": { "AAPL": { "calendar": "us-equities", "frames": ["1day", "1week", "1month"], "indicators": ["sma(2)"], "rules": ["alert when close > open on 1day"] } }
            }
            """),
        ["frames that do not divide each other"] = Plan.Parse(
            """
            {
              "frames": ["tick", "2min", "3min", "10min", "90min", "1week"],
              "indicators": ["ema(3)", "vwap"],
              "rules": ["buy when close > ema(3) on 2min cooldown 1hour", "sell when close < vwap on 3min", "alert when close != open on 10min and close@3min > 1"]
            }
            """),
        ["Hong Kong"] = Plan.Parse(
            """
            {
              "calendar": "hkex", "frames": ["7min", "1hour", "1day", "1week"], "indicators": ["ema(3)", "vwap"],
              "rules": ["buy when close > ema(3) on 7min cooldown 1hour"],
              "symbols": { "AAPL": { "frames": ["1day"], "rules": [] } }
            }
            """, VenueCalendars.Source),
        ["closing prints"] = Plan.Parse(
            """
            {
              "calendar": {
                "zone": "America/New_York", "weekend": [], "sessions": [{ "open": "06:00", "close": "09:30" }, { "open": "10:15", "close": "11:30" }],
                "closing_auction": { "within": "45min", "grace": "5min", "conditions": ["F", "T"] }
              },
              "frames": ["5min", "1hour", "1day"], "indicators": ["vwap"], "rules": ["alert when close > open on 5min"],
              "symbols": { "AAPL": { "frames": ["1day"], "rules": [] } }
            }
            """, VenueCalendars.Source),
        ["twelve decimals and four"] = Plan.Parse(
            """
            {
              "price_decimals": 12, "size_decimals": 4, "frames": ["tick", "1min", "5min", "1hour"],
              "indicators": ["sma(3)", "ema(3)", "vwap", "atr(2)", "bollinger(3,2)", "stddev(3)", "macd(2,4,2)", "obv@1min", "momentum(2)", "wma(2)"],
              "rules": ["buy when close > sma(3) on 1min", "sell when volume > 1000 on 5min", "alert when close - open > 0.01 on 1hour"],
              "symbols": { "BTC/USD": { "price_decimals": 8, "size_decimals": 8, "frames": ["1min"], "rules": [] } }
            }
            """),
        ["any prices"] = Plan.Parse(
            """
            {
              "prices": "any", "price_decimals": 10, "frames": ["tick", "1min", "15min"],
              "indicators": ["rsi(3)", "rsi(3,cutler)", "roc(2)", "volatility(3)", "volatility(3,log)", "obv", "adx(2)", "truerange", "atr(2,first)"],
              "rules": ["buy when close < 0 on 1min", "sell when close crosses above 0 on tick", "alert when roc(2) > 5 on 15min"],
              "limits": { "spike": { "percent": 500, "within": "1min" } },
              "symbols": { "BTC/USD": { "price": "bid", "rules": ["alert when close <= 0 on tick"] } }
            }
            """),
        ["nothing but days"] = Plan.Parse(
            """{ "frames": ["1day"], "indicators": ["obv", "truerange"], "rules": ["alert when close > open"] }"""),
    };
}
