using System.Text;
using ActorTrading.Domain.Plans;

namespace ActorTrading.Domain.Tests.Plans;

public class PlanErrorTests
{
    [Theory]
    [InlineData("""[]""", "$", "expected a plan")]
    [InlineData("""null""", "$", "found null")]
    [InlineData("""{"frame":["1min"]}""", "$.frame", "did you mean 'frames'?")]
    [InlineData(
        """{"colour":1}""", "$.colour",
        "known: calendar, frames, indicators, rules, price, limits, price_decimals, size_decimals, prices, symbols")]
    [InlineData("""{"a b'c":1}""", "$['a b\\'c']", "is not a key")]
    [InlineData("""{"frames":["1min"],"frames":["5min"]}""", "$.frames", "occurs twice")]
    [InlineData("""{"calendar":"nyse"}""", "$.calendar", "known: 24h, us-equities")]
    [InlineData("""{"calendar":"us-equitie"}""", "$.calendar", "did you mean 'us-equities'?")]
    [InlineData("""{"calendar":24}""", "$.calendar", "in quotes; found the number 24")]
    [InlineData("""{"price_decimals":19}""", "$.price_decimals", "a whole number from 0 to 18, such as 8; found the number 19")]
    [InlineData("""{"size_decimals":-1}""", "$.size_decimals", "a whole number from 0 to 18")]
    [InlineData("""{"price_decimals":"8"}""", "$.price_decimals", "found the text '8'")]
    [InlineData("""{"symbols":{"PEPE":{"size_decimals":1.5}}}""", "$.symbols.PEPE.size_decimals", "a whole number from 0 to 18")]
    [InlineData("""{"prices":"negative"}""", "$.prices", "known: positive, any")]
    [InlineData("""{"price":"last"}""", "$.price", "known: trade, bid, ask, mid")]
    [InlineData("""{"frames":"1min"}""", "$.frames", "expected a list such as [\"1min\"], found the text '1min'")]
    [InlineData("""{"frames":[]}""", "$.frames", "needs at least one frame")]
    [InlineData(
        """{"frames":["1min","1mins"]}""", "$.frames[1]",
        "'1mins' is not a frame; did you mean '1min'? A frame is tick, a whole number of s, min or hour")]
    [InlineData("""{"frames":["24hour"]}""", "$.frames[0]", "'24hour' is not a frame; did you mean '1hour'?")]
    [InlineData("""{"frames":["1hour","60min"]}""", "$.frames[1]", "the entry '1hour' already exists")]
    [InlineData("""{"frames":["1min",5]}""", "$.frames[1]", "found the number 5")]
    [InlineData("""{"frames":["1min","5min","1min"]}""", "$.frames[2]", "already exists as $.frames[0]")]
    [InlineData("""{"indicators":{}}""", "$.indicators", "found an object")]
    [InlineData("""{"indicators":["sma(20)",null]}""", "$.indicators[1]", "found null")]
    [InlineData("""{"indicators":["smma(20)"]}""", "$.indicators[0]", "'smma' is no indicator")]
    [InlineData("""{"indicators":["sma(20)","sma( 20 )"]}""", "$.indicators[1]", "'sma(20)' already exists as $.indicators[0]")]
    [InlineData("""{"indicators":["macd(12,26,9)","macd(12,26,9).line"]}""", "$.indicators[1]", "'macd(12,26,9).line' already exists")]
    [InlineData(
        """{"frames":["5min"],"indicators":["sma(20)@1min"]}""", "$.indicators[0]",
        "1min is not among the frames 5min; add it to 'frames'")]
    [InlineData("""{"rules":["buy when smma(20) > 3"]}""", "$.rules[0]", "did you mean 'sma'?")]
    [InlineData("""{"rules":[{"name":"x"}]}""", "$.rules[0]", "'rule' is missing")]
    [InlineData("""{"rules":[{"name":"x","rule":"buy"}]}""", "$.rules[0].rule", "'when' is expected here")]
    [InlineData("""{"rules":[{"name":"x","rule":"buy when close > 3","text":""}]}""", "$.rules[0].text", "known: name, rule")]
    [InlineData("""{"rules":[{"name":"","rule":"buy when close > 3"}]}""", "$.rules[0].name", "1 to 64 characters")]
    [InlineData("""{"rules":[7]}""", "$.rules[0]", "expected a rule such as")]
    [InlineData("""{"frames":["5min"],"rules":["buy when close > 3 on 1min"]}""", "$.rules[0]", "1min is not among the frames 5min")]
    [InlineData(
        """{"rules":["buy when close > 3","buy when price>3 on 1min"]}""", "$.rules[1]", "this rule already exists as $.rules[0]")]
    [InlineData(
        """{"rules":[{"name":"x","rule":"buy when close > 3"},{"name":"x","rule":"buy when close > 4"}]}""", "$.rules[1].rule",
        "the name 'x' already exists")]
    [InlineData("""{"limits":5}""", "$.limits", "found the number 5")]
    [InlineData("""{"limits":{"until":"2020-01-01"}}""", "$.limits.until", "known: from, to, crossed_quotes, spike")]
    [InlineData("""{"limits":{"crossed_quotes":true}}""", "$.limits.crossed_quotes", "expected one of reject, accept")]
    [InlineData("""{"limits":{"from":"01/02/2020"}}""", "$.limits.from", "a UTC date or time such as 2020-01-31")]
    [InlineData("""{"limits":{"from":"2020-02-30"}}""", "$.limits.from", "is not a UTC date")]
    [InlineData("""{"limits":{"from":"0001-01-01"}}""", "$.limits.from", "from 1678 to 2261")]
    [InlineData("""{"limits":{"from":"2020-01-01","to":"2020-01-01"}}""", "$.limits", "'from' must be before 'to'")]
    [InlineData("""{"limits":{"spike":20}}""", "$.limits.spike", "found the number 20")]
    [InlineData("""{"limits":{"spike":{"percent":"20"}}}""", "$.limits.spike.percent", "found the text '20'")]
    [InlineData("""{"limits":{"spike":{"percent":-1}}}""", "$.limits.spike.percent", "from 0 (no band) to 1000000")]
    [InlineData("""{"limits":{"spike":{"percent":1e400}}}""", "$.limits.spike.percent", "found the number 1e400")]
    [InlineData("""{"limits":{"spike":{"within":"5"}}}""", "$.limits.spike.within", "'5' is not a duration")]
    [InlineData("""{"symbols":[]}""", "$.symbols", "a symbol for each key")]
    [InlineData("""{"symbols":{"A,B":{}}}""", "$.symbols['A,B']", "'A,B' is not a symbol")]
    [InlineData("""{"symbols":{"AAPL":{},"AAPL":{}}}""", "$.symbols.AAPL", "occurs twice")]
    [InlineData("""{"symbols":{"AAPL":["1min"]}}""", "$.symbols.AAPL", "found a list")]
    [InlineData("""{"symbols":{"AAPL":{"frames":["1mins"]}}}""", "$.symbols.AAPL.frames[0]", "'1mins' is not a frame")]
    [InlineData("""{"symbols":{"BRK.B":{"price":"x"}}}""", "$.symbols['BRK.B'].price", "known: trade")]
    [InlineData("""{"symbols":{"AAPL":{"symbols":{}}}}""", "$.symbols.AAPL.symbols", "is not a key")]
    [InlineData("""{"symbols":{"AAPL":{"rules":["buy when close > 3 on 1s"]}}}""", "$.symbols.AAPL.rules[0]", "1s is not among the frames")]
    [InlineData(
        """{"rules":["buy when close > 3 on 1min"],"symbols":{"AAPL":{"frames":["5min"]}}}""", "$.symbols.AAPL.frames",
        "1min is missing, but $.rules[0] ('buy when close > 3 on 1min') needs it")]
    [InlineData(
        """{"indicators":["sma(3)@1min"],"symbols":{"AAPL":{"frames":["5min"]}}}""", "$.symbols.AAPL.frames",
        "1min is missing, but $.indicators[0]")]
    [InlineData(
        """{"rules":["buy when close > 3","buy when close > 3 on 5min"],"symbols":{"AAPL":{"frames":["5min"]}}}""", "$.symbols.AAPL.frames",
        "already exists")]
    public void BadPlan_IsRefusedWithThePathOfTheBadKey(string json, string path, string messagePart)
    {
        var error = Assert.Single(PlanTests.Refuse(json));
        Assert.Equal(path, error.Path);
        Assert.Contains(messagePart, error.Message);
    }

    [Fact]
    public void EveryError_IsTold()
    {
        var errors = PlanTests.Refuse(
            """
            {
              "calender": "24h",
              "frames": ["1min", "1mins"],
              "indicators": ["sma(0)", "sma(20)@5min", "smi(3)"],
              "rules": ["buy when close", "hold when close > 3"],
              "symbols": { "AAPL": { "price": 3, "frames": ["5min"], "indicators": ["sma(3)@1min"] } }
            }
            """);
        Assert.Equal(
            [
                "$.calender", "$.frames[1]", "$.indicators[0]", "$.indicators[2]", "$.rules[0]", "$.rules[1]",
                "$.symbols.AAPL.price", "$.symbols.AAPL.indicators[0]",
            ],
            errors.Select(error => error.Path));
    }

    [Fact]
    public void ErrorInARule_PointsAtTheColumn()
    {
        var error = Assert.Single(PlanTests.Refuse("""{"rules":["buy when smma(20) > 3"]}"""));
        Assert.Equal(9, error.Column);
        var lines = error.ToString().Split('\n');
        Assert.StartsWith("$.rules[0]: column 10: 'smma' is neither", lines[0]);
        Assert.Equal("    buy when smma(20) > 3", lines[1]);
        Assert.Equal("             ^", lines[2]);
    }

    [Theory]
    [InlineData("""{"frames":["5min"],"indicators":["sma(20) @1min"]}""", 9)]
    [InlineData(
        """{"frames":["5min","15min"],"rules":["buy when close@15min > 1 and open@5MIN > 2 and low@1min > 3 cooldown 1min"]}""", 51)]
    public void FrameThatIsNotListed_IsPointedAt(string json, int column)
    {
        Assert.Equal(column, Assert.Single(PlanTests.Refuse(json)).Column);
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{", 1, 2)]
    [InlineData("{\n  \"frames\": [\"1min\" \"5min\"]\n}", 2, 21)]
    [InlineData("{} {}", 1, 4)]
    [InlineData("nonsense", 1, 2)]
    public void TextThatIsNoJson_IsRefusedWithLineAndColumn(string json, int line, int column)
    {
        var error = Assert.Single(PlanTests.Refuse(json));
        Assert.Equal("$", error.Path);
        Assert.StartsWith("not valid JSON: ", error.Message);
        Assert.EndsWith($"(line {line}, column {column})", error.Message);
    }

    [Theory]
    [InlineData("{\"calendar\":\"\\ud83d\"}")]
    [InlineData("{\"\\ud83d\":1}")]
    [InlineData("{\"rules\":[\"buy when \\udc00 > 3\"]}")]
    public void HalfACharacter_IsRefused(string json) =>
        Assert.Contains("not valid Unicode", Assert.Single(PlanTests.Refuse(json)).Message);

    [Fact]
    public void BytesThatAreNoText_AreRefused()
    {
        byte[] json = [.. "{\"calendar\":\""u8, 0xff, 0xfe, .. "\"}"u8];
        Assert.False(Plan.TryParse(json, BuiltInCalendars.Source, out _, out var errors));
        Assert.Single(errors);
    }

    [Fact]
    public void EndlessKey_IsRefusedWithoutAGuess() =>
        Assert.Contains("known: calendar", Assert.Single(PlanTests.Refuse($$"""{"{{new string('f', 1_000_000)}}":1}""")).Message);

    [Fact]
    public void DeepJson_IsRefused() =>
        Assert.Single(PlanTests.Refuse(new string('[', 100_000)));

    [Fact]
    public void PlanCutAnywhere_IsRefusedAndNeverThrows()
    {
        var json = Encoding.UTF8.GetBytes(Plan.Default.ToJson());
        for (var length = 0; length < json.Length; length++)
        {
            Assert.False(Plan.TryParse(json.AsSpan(0, length), BuiltInCalendars.Source, out _, out var errors));
            Assert.Single(errors);
        }
    }

    [Fact]
    public void PlanWithAByteChanged_IsReadOrRefusedAndNeverThrows()
    {
        var json = Encoding.UTF8.GetBytes(
            """{"frames":["1min","5min"],"indicators":["sma(20)"],"rules":["buy when close > sma(20)"],"limits":{"spike":{"percent":20}},"symbols":{"A":{"price":"bid"}}}""");
        var random = new Random(7);
        for (var i = 0; i < 3_000; i++)
        {
            var changed = (byte[])json.Clone();
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            var isPlan = Plan.TryParse(changed, BuiltInCalendars.Source, out _, out var errors);
            Assert.Equal(isPlan, errors.Count == 0);
            Assert.All(errors, error => Assert.NotEmpty(error.ToString()));
        }
    }
}
