using System.Text;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Files;

/// <summary>
/// Text cut into blocks anywhere and parsed in any order gives the same records, rejections, lines and errors as one reading.
/// </summary>
public class LineBlockTests
{
    private static readonly string[] Inputs =
    [
        "timestamp,symbol,price,size\n2024-07-09T11:00:00Z,A,1,1\r\n\n2024-07-09T11:00:01Z,B,-,1\n2024-07-09T11:00:02Z,C,3,1",
        "time,symbol,price,size\n1720522800,A,1,1\n1720522801,B,2\n1720522802,C,3,1\n\n",
        "symbol,AAPL\nsource,somewhere\ntime,price,size\n1720522800,1,1\n1720522801,2,1\n",
        "time,symbol,price,size\r1720522800,A,1,1\r1720522801,B,2,2\r",
        "time,symbol,price,size\n\r\n\n",
        """
        {"symbol":"A","ts":1720522800,"price":1}

        {"symbol":"B","ts":1720522801,"price":}
        [{"symbol":"C","ts":1720522802,"price":1},{"symbol":"D","ts":1720522802,"price":2}]

        """,
        """
        {"symbol":"A","ts":"2024-07-09","price":1}
        {"symbol":"B","ts":5000,"price":2}
        {"symbol":"B","ts":1720522801000,"price":2}
        {"symbol":"B","ts":5000,"price":2}
        {"symbol":"B","price":2}
        """,
        """
        {"symbol":"A","ts":1,"price":1}
        [1735689600000,2,2,2,2,5]
        [1735689660000,1,3,2,2,5]
        [1735689720000,5,5,5,5,5]
        """,
    ];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Inputs.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void BlocksOfEveryLength_GiveTheSame(int number)
    {
        var text = Encoding.UTF8.GetBytes(Inputs[number]);
        var expected = Read(text, 0);
        for (var length = 1; length <= text.Length + 1; length++) AssertSame(expected, Read(text, length), $"blocks of {length}");
    }

    [Fact]
    public void LinesThatAreTooLong_AreRefusedInAnyBlocks()
    {
        var text = Encoding.UTF8.GetBytes($"{Line("1720522800")}{new string('x', 300)}\n{Line("1720522801")}{new string('y', 100)}");
        var expected = Read(text, 0, maxLineLength: 64);
        Assert.Equal(2, expected.Count(line => line.Contains("line_too_long", StringComparison.Ordinal)));
        for (var length = 1; length <= text.Length + 1; length++)
            AssertSame(expected, Read(text, length, maxLineLength: 64), $"blocks of {length}");
    }

    /// <summary>The unit of the times is only known after the examined beginning, from the numbers in order.</summary>
    [Fact]
    public void UnitThatIsToldLate_IsToldToAllThatFollow()
    {
        var spelled = Enumerable.Range(0, 1_500).Select(i => Line($"\"2024-07-09T11:{i / 60:00}:{i % 60:00}Z\""));
        string[] numbers = [Line("5000"), Line("1720526400000"), Line("5000"), Line("1720536000")];
        var bytes = Encoding.UTF8.GetBytes(string.Concat(spelled.Concat(numbers)));
        var expected = Read(bytes, 0);
        Assert.Contains(expected, line => line.Contains("time_absurd", StringComparison.Ordinal));
        foreach (var length in new[] { 1, 50, 64, 1_000, 100_000, 1_000_000 })
            AssertSame(expected, Read(bytes, length), $"blocks of {length}");
    }

    [Fact]
    public void InputCutShort_GivesAllOfItsWholeLines()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1_720_522_800, 2_000).Select(ts => Line($"{ts}"))));
        foreach (var end in Enumerable.Range(70_000, 50))
        {
            var expected = Read(text[..end], 0, isCut: true);
            Assert.Contains("after line 1", expected[^1], StringComparison.Ordinal);
            foreach (var length in new[] { 30, 1_000, 100_000 })
                AssertSame(expected, Read(text[..end], length, isCut: true), $"{end} bytes in blocks of {length}");
        }
    }

    [Fact]
    public void DistortedInputs_GiveTheSame()
    {
        for (var fuzz = new Fuzz(seed: 21, rounds: 5_000, longRounds: 250_000); fuzz.Next();)
        {
            var text = fuzz.Distort(Encoding.UTF8.GetBytes(fuzz.OneOf(Inputs) + fuzz.OneOf(Inputs)));
            var read = Read(text, fuzz.OneOf([1, 3, 17, 40, 64, 100]));
            AssertSame(Read(text, 0), read, $"seed {fuzz.Seed}: {Encoding.UTF8.GetString(text)}");
        }
    }

    private static string Line(string ts) => $"{{\"symbol\":\"A\",\"ts\":{ts},\"price\":1}}\n";

    private static void AssertSame(List<string> expected, List<string> read, string what) =>
        Assert.True(expected.SequenceEqual(read), $"{what}\n{string.Join('\n', read)}\nbut\n{string.Join('\n', expected)}");

    /// <summary>The output for a text, one line each; in blocks of a length, or record by record if the length is 0.</summary>
    private static List<string> Read(byte[] text, int length, bool isCut = false, int maxLineLength = 64 * 1024)
    {
        var position = new ReadPosition();
        var direct = new Told(position);
        var blocks = new Blocks(length, direct);
        var options = new ReadOptions
        {
            Parser = new ParserOptions { DefaultSymbol = Symbol.Parse("X") }, MaxLineLength = maxLineLength, Position = position,
        };
        var fault = "";
        try
        {
            using var stream = isCut ? new CutStream(text) : new MemoryStream(text);
            RecordFile.Read(stream, "text", options, length == 0 ? direct : blocks);
        }
        catch (InputException exception)
        {
            fault = exception.Message;
        }

        return [.. length == 0 ? direct.Lines : blocks.Finish(), fault];
    }

    private sealed class Told(ReadPosition position) : IRecordSink
    {
        public List<string> Lines { get; } = [];

        public void OnRecord(in Record record) => Lines.Add($"{position.Line}: {RecordText.Describe(record)}");

        public void OnRejected(in RejectedInput input) => Lines.Add(input.ToString());
    }

    /// <summary>Parses the last block first, then again in order where that is required.</summary>
    private sealed class Blocks(int length, Told direct) : ILineSink
    {
        private readonly List<(LineBlock Block, bool IsParsed, List<string> Lines)> blocks = [];

        public byte[] Rent() => new byte[length];

        public void OnLines(LineBlock block) => blocks.Add((block, false, []));

        public void OnRecord(in Record record) => direct.OnRecord(record);

        public void OnRejected(in RejectedInput input) => direct.OnRejected(input);

        public List<string> Finish()
        {
            for (var i = blocks.Count - 1; i >= 0; i--)
            {
                var position = new ReadPosition();
                var told = new Told(position);
                blocks[i] = (blocks[i].Block, blocks[i].Block.TryParse(position, told), told.Lines);
            }

            var lines = new List<string>(direct.Lines);
            foreach (var (block, isParsed, own) in blocks)
            {
                if (isParsed && !block.Input.IsInOrder)
                {
                    lines.AddRange(own);
                    continue;
                }

                var told = new Told(block.Input.Position);
                block.Input.ParseInOrder(block, told);
                lines.AddRange(told.Lines);
            }

            return lines;
        }
    }

    /// <summary>A disk that fails after the last byte.</summary>
    private sealed class CutStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer)
        {
            var read = base.Read(buffer);
            return read > 0 ? read : throw new IOException("The disk is gone.");
        }
    }
}
