using ActorTrading.Connectors.Redis;

namespace ActorTrading.Connectors.Tests.Redis;

public sealed class StreamIdTests
{
    [Theory]
    [InlineData("1720522800123-0", 1, 1_720_522_800_123_000_000)]
    [InlineData("1720522800123-17", 1, 1_720_522_800_123_000_017)]
    [InlineData("0-1", 1, 1)]
    [InlineData("5-999999", 1, 5_999_999)]
    [InlineData("1720522800123-17", 10, 172_052_280_012_300_017)]
    [InlineData("9223372036853-999999", 1, 9_223_372_036_853_999_999)]
    public void Id_IsANumber_ThatPeopleCanRead(string text, int perMessage, long expected)
    {
        Assert.True(StreamId.Parse(text).TrySequence(perMessage, out var number));
        Assert.Equal(expected, number);
        _ = checked((number * perMessage) + perMessage - 1); // a record of the message has a number, too
    }

    [Theory]
    [InlineData("5-1000000", 1)]
    [InlineData("5-100000", 10)]
    [InlineData("9223372036854-0", 1)]
    [InlineData("18446744073709551615-18446744073709551615", 1)]
    public void Id_ThatDoesNotFit_IsNone(string text, int perMessage) => Assert.False(StreamId.Parse(text).TrySequence(perMessage, out _));

    [Fact]
    public void Order_IsThatOfTheNumbers()
    {
        string[] ids = ["0-1", "0-2", "0-10", "1-0", "1-999999", "2-0", "10-0", "1720522800123-0", "1720522800123-1", "1720522800124-0"];
        foreach (var perMessage in new[] { 1, 1_000, 1_000_000 })
        {
            var last = -1L;
            foreach (var id in ids.Select(StreamId.Parse))
            {
                if (!id.TrySequence(perMessage, out var number)) continue;
                Assert.True(number > last);
                last = number;
            }
        }

        Assert.Equal(ids, ids.Reverse().Select(StreamId.Parse).Order().Select(id => id.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("17")]
    [InlineData("-1")]
    [InlineData("1-")]
    [InlineData("1-2-3")]
    [InlineData("+1-2")]
    [InlineData("18446744073709551616-0")]
    public void Text_ThatIsNoId_IsRefused(string text) => Assert.Throws<FormatException>(() => StreamId.Parse(text));
}
