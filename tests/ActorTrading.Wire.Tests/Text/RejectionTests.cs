using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Wire.Text;
using static ActorTrading.Wire.Tests.Text.Reading;

namespace ActorTrading.Wire.Tests.Text;

public class RejectionTests
{
    [Theory]
    [InlineData("{'symbol': 'AAPL', 'price': 1.5, 'ts': 1720522800}", "json.dumps")]
    [InlineData("[{'symbol': 'AAPL'}]", "json.dumps")]
    [InlineData("""{"prices":[[1720522800000,57000.1]]}""", "a time and a value")]
    [InlineData("""[[1720522800000,57000.1]]""", "a time and a value")]
    [InlineData("""{"lastUpdateId":160,"bids":[["0.0024","10"]],"asks":[["0.0026","100"]]}""", "one order book level per record")]
    public void WhatPeopleHaveAndCannotBeRead_IsRefused_WithAdvice(string line, string advice)
    {
        var read = Line(line);
        Assert.Empty(read.Records);
        Assert.NotEmpty(read.Rejected);
        Assert.All(read.Rejected, refused =>
        {
            Assert.Equal(RejectReason.Malformed, refused.Rejection.Reason);
            Assert.Contains(advice, refused.Rejection.Hint, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("""{"ts":1720522800,"price":1}""", RejectReason.MissingField, "symbol", "")]
    [InlineData("""{"symbol":"AAPL","price":1}""", RejectReason.MissingField, "ts", "")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800}""", RejectReason.MissingField, "price", "")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":null}""", RejectReason.MissingField, "price", "")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":""}""", RejectReason.MissingField, "price", "")]
    [InlineData("""{"kind":"quote","symbol":"AAPL","ts":1720522800}""", RejectReason.MissingField, "bid", "")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"open":1,"high":1,"low":1}""", RejectReason.MissingField, "close", "")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"side":"bid","price":1}""", RejectReason.MissingField, "size", "")]
    [InlineData("""{"kind":"book","symbol":"AAPL","ts":1720522800,"price":1,"size":1}""", RejectReason.MissingField, "side", "")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"sentiment_magnitude":1}""", RejectReason.MissingField, "sentiment_score", "")]
    [InlineData("""{"ts":1720522800,"value":1}""", RejectReason.MissingField, "indicator_name", "")]
    [InlineData("""{"ts":1720522800,"indicator_name":"cpi"}""", RejectReason.MissingField, "value", "")]
    [InlineData("""{"kind":"market","symbol":"AAPL","ts":1720522800}""", RejectReason.MissingField, "market_cap", "")]
    [InlineData("""{}""", RejectReason.MissingField, "price", "")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":NaN}""", RejectReason.NotFinite, "price", "NaN")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":1,"size":-Infinity}""", RejectReason.NotFinite, "size", "-Infinity")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":"inf"}""", RejectReason.NotFinite, "price", "inf")]
    [InlineData("""{"ts":1720522800,"indicator_name":"NaN, so called","value":Infinity}""", RejectReason.NotFinite, "value", "Infinity")]
    [InlineData("""{"symbol":"AAPL","ts":NaN,"price":1}""", RejectReason.BadTime, "ts", "NaN")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":1e30}""", RejectReason.OutOfRange, "price", "1e30")]
    [InlineData(
        """{"symbol":"AAPL","ts":1720522800,"price":9223372036854775808}""", RejectReason.OutOfRange, "price", "9223372036854775808")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"market_cap":1e999}""", RejectReason.OutOfRange, "market_cap", "1e999")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":"12,5"}""", RejectReason.NotANumber, "price", "12,5")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":true}""", RejectReason.NotANumber, "price", "true")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":"\u0031x"}""", RejectReason.NotANumber, "price", "1x")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":[1]}""", RejectReason.NotANumber, "price", null)]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"market_cap":"much"}""", RejectReason.NotANumber, "market_cap", "much")]
    [InlineData("""{"symbol":"two,words","ts":1720522800,"price":1}""", RejectReason.BadSymbol, "symbol", "two,words")]
    [InlineData("""{"symbol":" AAPL","ts":1720522800,"price":1}""", RejectReason.BadSymbol, "symbol", " AAPL")]
    [InlineData("""{"symbol":".","ts":1720522800,"price":1}""", RejectReason.BadSymbol, "symbol", ".")]
    [InlineData("""{"symbol":"..","ts":1720522800,"price":1}""", RejectReason.BadSymbol, "symbol", "..")]
    [InlineData("""{"symbol":"A\u200bB","ts":1720522800,"price":1}""", RejectReason.BadSymbol, "symbol", "A\u200bB")]
    [InlineData("""{"symbol":"A\"B","ts":1720522800,"price":1}""", RejectReason.BadSymbol, "symbol", "A\"B")]
    [InlineData("""{"symbol":700,"ts":1720522800,"price":1}""", RejectReason.BadSymbol, "symbol", "700")]
    [InlineData("""{"symbol":"\ud800","ts":1720522800,"price":1}""", RejectReason.BadSymbol, "symbol", null)]
    [InlineData("""{"symbol":"\"economy\"","ts":1720522800,"price":1}""", RejectReason.BadSymbol, "symbol", "\"economy\"")]
    [InlineData("""{"symbol":"AAPL","ts":"soon","price":1}""", RejectReason.BadTime, "ts", "soon")]
    [InlineData("""{"symbol":"AAPL","ts":"2024-02-30","price":1}""", RejectReason.BadTime, "ts", "2024-02-30")]
    [InlineData("""{"symbol":"AAPL","ts":{},"price":1}""", RejectReason.BadTime, "ts", null)]
    [InlineData("""{"symbol":"AAPL","ts":"9999-12-31T00:00:00Z","price":1}""", RejectReason.TimeAbsurd, "ts", "9999-12-31T00:00:00Z")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":1,"seq":-1}""", RejectReason.BadSequence, "seq", "-1")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":1,"seq":1.5}""", RejectReason.BadSequence, "seq", "1.5")]
    [InlineData(
        """{"symbol":"AAPL","ts":1720522800,"price":1,"seq":9223372036854775808}""", RejectReason.BadSequence, "seq",
        "9223372036854775808")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":1,"epoch":"x"}""", RejectReason.BadSequence, "epoch", "x")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":1,"source":5}""", RejectReason.BadSource, "source", "5")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":1,"source":"a\tb"}""", RejectReason.BadSource, "source", "a\tb")]
    [InlineData("""{"kind":"option","symbol":"AAPL","ts":1720522800,"price":1}""", RejectReason.UnknownKind, "kind", "option")]
    [InlineData(
        """{"data_type":"weather","stock_symbol":"AAPL","timestamp":1720522800,"value":1}""", RejectReason.UnknownKind, "kind", "weather")]
    [InlineData(
        """{"symbol":"AAPL","ts":1720522800,"open":1,"high":1,"low":1,"close":1,"frame":"2mins"}""", RejectReason.UnknownFrame, "frame",
        "2mins")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"side":"long","price":1,"size":1}""", RejectReason.BadSide, "side", "long")]
    [InlineData("""{"kind":"print","symbol":"AAPL","ts":1720522800,"price":1,"condition":7}""", RejectReason.BadText, "condition", "7")]
    public void Refusal_NamesTheReasonTheFieldAndItsValue(string line, RejectReason reason, string field, string? value) =>
        Refused(Line(line), reason, field, value);

    [Theory]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":1""", "at byte 42: the line ends")]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":1}}""", null)]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":1}{"symbol":"AAPL","ts":1720522800,"price":1}""", null)]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":01}""", null)]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":1.}""", null)]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":.5}""", null)]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":+1}""", null)]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":1,}""", null)]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,,"price":1}""", null)]
    [InlineData("""{"symbol":"AAPL","ts":1720522800 "price":1}""", null)]
    [InlineData("""{'symbol':'AAPL','ts':1720522800,'price':1}""", null)]
    [InlineData("""{symbol:"AAPL","ts":1720522800,"price":1}""", null)]
    [InlineData("""{"symbol":"AA	PL","ts":1720522800,"price":1}""", null)]
    [InlineData("""[{"symbol":"AAPL","ts":1720522800,"price":1},{"symbol"}]""", null)]
    [InlineData("""{"symbol":"AAPL","ts":1720522800,"price":nan}""", null)]
    [InlineData("garbage", "at byte 0: garbage")]
    [InlineData("17", "at byte 0: 17")]
    [InlineData("null", "at byte 0: null")]
    [InlineData("\"{}\"", "at byte 0: \"{}\"")]
    [InlineData("\0\0\0", null)]
    public void WhatIsNoJson_IsMalformedAsAWhole(string line, string? value) => Refused(Line(line), RejectReason.Malformed, "line", value);

    [Fact]
    public void DeepNesting_IsMalformed() =>
        Refused(Line("{\"a\":" + new string('[', 30_000) + new string(']', 30_000) + "}"), RejectReason.Malformed, "line");

    [Theory]
    [InlineData(0xff)]
    [InlineData(0xc0)]
    [InlineData(0x80)]
    public void InvalidUtf8_IsMalformedAnywhere(int bad)
    {
        var line = """{"symbol":"AAPL","ts":1720522800,"price":1,"note":"x"}"""u8.ToArray();
        for (var i = 0; i < line.Length; i++)
        {
            var broken = (byte[])line.Clone();
            broken[i] = (byte)bad;
            Refused(Line(broken), RejectReason.Malformed, "line");
        }
    }

    [Fact]
    public void Refusal_CarriesTheIdentityAndThePlaceOfTheLine()
    {
        var refused = Line("""{"symbol":"AAPL","ts":1720522800,"price":NaN,"source":"feed","epoch":2,"seq":17}""").OnlyRejected();
        Assert.Equal(("feed", 2, 17, 7), (refused.Source.Name, refused.Epoch, refused.Seq, refused.LineNumber));
        refused = Line("""{"symbol":"AAPL","ts":1720522800,"price":1,"seq":-4,"source":"feed"}""").OnlyRejected();
        Assert.Equal(("feed", 0, Identity.None), (refused.Source.Name, refused.Epoch, refused.Seq));
        refused = Line("""{"symbol":"AAPL","ts":1720522800,"price":1,"seq":4,"source":"\u0000"}""").OnlyRejected();
        Assert.Equal(("-", 0, 4), (refused.Source.Name, refused.Epoch, refused.Seq));
    }

    [Fact]
    public void LongText_IsKeptOnlyInPart()
    {
        var refused = Line("{\"note\":\"" + new string('é', 100_000) + "\"}").OnlyRejected();
        Assert.Equal(RejectedInput.MaxRawLength, refused.Raw.Length);
        Assert.StartsWith("{\"note\":\"éé", refused.Raw, StringComparison.Ordinal);
        refused = Line("{\"symbol\":\"" + new string('x', 10_000) + "\",\"ts\":1,\"price\":1}").OnlyRejected();
        Assert.Equal(RejectReason.BadSymbol, refused.Rejection.Reason);
        Assert.Equal(Rejection.MaxValueLength, refused.Rejection.Value.Length);
    }

    [Fact]
    public void RandomBytes_AreRefusedAndNeverThrow()
    {
        var random = new Random(20240808);
        for (var i = 0; i < 20_000; i++)
        {
            var line = new byte[random.Next(1, 60)];
            random.NextBytes(line);
            if (Encoding.UTF8.GetString(line).Trim().Length == 0) continue;
            Assert.Empty(Line(line).Records);
        }
    }

    /// <summary>Advice about the time of one line is not given for a line without a time.</summary>
    [Fact]
    public void MissingTime_HasNoHintOfTheLineBefore()
    {
        var parser = new RecordParser(new ParserOptions());
        var read = new Collected();
        string[] lines =
        [
            """{"symbol":"A","ts":1720522800000,"price":1}""", """{"symbol":"A","ts":1720522800,"price":1}""",
            """{"symbol":"A","price":1}""",
        ];
        foreach (var line in lines) parser.Parse(Encoding.UTF8.GetBytes(line), 1, read);
        Assert.Equal([RejectReason.TimeAbsurd, RejectReason.MissingField], read.Rejected.Select(input => input.Rejection.Reason));
        Assert.NotNull(read.Rejected[0].Rejection.Hint);
        Assert.Null(read.Rejected[1].Rejection.Hint);
    }
}
