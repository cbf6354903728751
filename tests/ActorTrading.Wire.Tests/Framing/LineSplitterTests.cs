using System.Text;
using ActorTrading.Wire.Framing;

namespace ActorTrading.Wire.Tests.Framing;

public class LineSplitterTests
{
    private const int Limit = 10;

    // Empty lines, \r\n, a lone \r, lines of exactly the limit with both line ends, slightly over it, far over it, no line end at the end.
    private const string Text =
        "one\ntwo\r\n\n\r\nthr\ree\n0123456789\n0123456789\r\n0123456789\r\r\n0123456789a\n0123456789a\r\nvery long indeed, over and over\n"
        + "after\nlast";

    private static readonly string[] Expected =
    [
        "one", "two", "", "", "thr\ree", "0123456789", "0123456789", "too long: 11 0123456789\r", "too long: 11 0123456789a",
        "too long: 11 0123456789a", "too long: 31 very long indeed, over and over", "after", "last",
    ];

    [Fact]
    public void WholeText_SplitsIntoItsLines() => Assert.Equal(Expected, Split(Text, Text.Length));

    [Fact]
    public void EveryCutPoint_LeavesTheLinesAsTheyAre()
    {
        for (var cut = 0; cut <= Text.Length; cut++)
            Assert.Equal(Expected, Split(Text, cut, Text.Length));
    }

    [Fact]
    public void EveryPairOfCutPoints_LeavesTheLinesAsTheyAre()
    {
        for (var first = 0; first <= Text.Length; first++)
        {
            for (var second = first; second <= Text.Length; second++)
                Assert.Equal(Expected, Split(Text, first, second, Text.Length));
        }
    }

    [Fact]
    public void ByteByByte_LeavesTheLinesAsTheyAre() =>
        Assert.Equal(Expected, Split(Text, [.. Enumerable.Range(1, Text.Length)]));

    [Fact]
    public void EveryLength_IsALineUpToTheLimitAndTooLongAbove()
    {
        for (var length = 0; length < 3 * Limit; length++)
        {
            foreach (var end in new[] { "", "\n", "\r\n" })
            {
                var text = new string('x', length) + end;
                string[] expected = length == 0 && end == ""
                    ? []
                    : [length <= Limit ? text.TrimEnd() : $"too long: {length} {text.TrimEnd()}"];
                Assert.Equal(expected, Split(text, text.Length));
                Assert.Equal(expected, Split(text, [.. Enumerable.Range(1, text.Length)]));
            }
        }
    }

    [Fact]
    public void LineOfAGigabyte_IsReportedOnceAndKeepsNoMemory()
    {
        var splitter = new LineSplitter();
        var chunk = new byte[1 << 20];
        chunk.AsSpan().Fill((byte)'x');
        var found = false;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1024; i++)
        {
            ReadOnlySpan<byte> rest = chunk;
            found |= splitter.Next(ref rest, out _) != LineStatus.NeedMore;
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 65_536); // the runtime itself may allocate a little meanwhile
        Assert.False(found);
        ReadOnlySpan<byte> end = "\nnext\n"u8;
        Assert.Equal(LineStatus.TooLong, splitter.Next(ref end, out _));
        Assert.Equal(1L << 30, splitter.SkippedBytes);
        Assert.True(splitter.SkippedStart.SequenceEqual(chunk.AsSpan(0, 512)));
        Assert.Equal(LineStatus.Line, splitter.Next(ref end, out var line));
        Assert.True(line.SequenceEqual("next"u8));
    }

    [Fact]
    public void LinesWithinOneChunk_AreHandedOutInPlace()
    {
        var splitter = new LineSplitter();
        ReadOnlySpan<byte> chunk = "a line\n"u8;
        var start = chunk;
        splitter.Next(ref chunk, out var line);
        Assert.True(line.Overlaps(start, out var offset) && offset == 0);
    }

    private static List<string> Split(string text, params int[] cuts)
    {
        var splitter = new LineSplitter(Limit);
        var bytes = Encoding.ASCII.GetBytes(text);
        var lines = new List<string>();
        var start = 0;
        foreach (var cut in cuts)
        {
            // A copy that is cleared afterwards: nothing may refer to an old chunk.
            var chunk = bytes[start..cut];
            ReadOnlySpan<byte> rest = chunk;
            while (splitter.Next(ref rest, out var line) is var status and not LineStatus.NeedMore) Add(status, line);
            Array.Clear(chunk);
            start = cut;
        }

        var last = splitter.Finish(out var end);
        if (last != LineStatus.NeedMore) Add(last, end);
        Assert.Equal(LineStatus.NeedMore, splitter.Finish(out _));
        return lines;

        void Add(LineStatus status, ReadOnlySpan<byte> line) =>
            lines.Add(status == LineStatus.Line
                ? Encoding.ASCII.GetString(line)
                : $"too long: {splitter.SkippedBytes} {Encoding.ASCII.GetString(splitter.SkippedStart)}");
    }
}
