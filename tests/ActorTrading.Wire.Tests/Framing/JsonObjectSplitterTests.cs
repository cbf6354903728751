using System.Text;
using ActorTrading.Wire.Framing;

namespace ActorTrading.Wire.Tests.Framing;

public class JsonObjectSplitterTests
{
    private const int Limit = 40;

    private const string Text =
        "[ {\"a\":1},\n  {\"b\":[1,{\"c\":\"}\"}],\n   \"d\":\"\\\"]\"}\n, {} ] {\"e\":\"\\\\\"}\nstray \"x\": {1}\n"
        + "{\"long\":\"0123456789012345678901234567890123456789\n{\"f\":2}\n{\"cut\":";

    private static readonly string[] Expected =
    [
        "{\"a\":1}", "{\"b\":[1,{\"c\":\"}\"}],\n   \"d\":\"\\\"]\"}", "{}", "{\"e\":\"\\\\\"}", "stray \"x\": {1}",
        "too long: 49 {\"long\":\"0123456789012345678901234567890123456789", "{\"f\":2}", "{\"cut\":",
    ];

    [Fact]
    public void ObjectsOverManyLines_AreFoundWhole() => Assert.Equal(Expected, Split(Text.Length));

    [Fact]
    public void EveryCutPoint_LeavesTheObjectsAsTheyAre()
    {
        for (var cut = 0; cut <= Text.Length; cut++)
            Assert.Equal(Expected, Split(cut, Text.Length));
    }

    [Fact]
    public void ByteByByte_LeavesTheObjectsAsTheyAre() => Assert.Equal(Expected, Split([.. Enumerable.Range(1, Text.Length)]));

    [Fact]
    public void TextThatNeverCloses_KeepsNoMemory()
    {
        var splitter = new JsonObjectSplitter();
        var chunk = new byte[1 << 20];
        chunk.AsSpan().Fill((byte)'x');
        ReadOnlySpan<byte> start = "{\""u8;
        splitter.Next(ref start, out _);
        var found = false;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 64; i++)
        {
            ReadOnlySpan<byte> rest = chunk;
            found |= splitter.Next(ref rest, out _) != LineStatus.NeedMore;
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 65_536); // the runtime itself may allocate a little meanwhile
        Assert.False(found);
        Assert.Equal(LineStatus.TooLong, splitter.Finish(out _));
        Assert.Equal((64L << 20) + 2, splitter.SkippedBytes);
        Assert.Equal("{\"" + new string('x', 510), Encoding.ASCII.GetString(splitter.SkippedStart));
    }

    private static List<string> Split(params int[] cuts)
    {
        var splitter = new JsonObjectSplitter(Limit);
        var bytes = Encoding.ASCII.GetBytes(Text);
        var objects = new List<string>();
        var start = 0;
        foreach (var cut in cuts)
        {
            var chunk = bytes[start..cut];
            ReadOnlySpan<byte> rest = chunk;
            while (splitter.Next(ref rest, out var text) is var status and not LineStatus.NeedMore) Add(status, text);
            Array.Clear(chunk);
            start = cut;
        }

        var last = splitter.Finish(out var end);
        if (last != LineStatus.NeedMore) Add(last, end);
        Assert.Equal(LineStatus.NeedMore, splitter.Finish(out _));
        return objects;

        void Add(LineStatus status, ReadOnlySpan<byte> text) =>
            objects.Add(status == LineStatus.Line
                ? Encoding.ASCII.GetString(text)
                : $"too long: {splitter.SkippedBytes} {Encoding.ASCII.GetString(splitter.SkippedStart)}");
    }
}
