using System.Buffers;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Simulation;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Text;

namespace ActorTrading.Lab.Benching;

/// <summary>
/// An endless market that is cheap to send: a block of generated ticks, repeated with new, evenly increasing seqs and timestamps. Prices
/// jump at the start of each repetition. Each symbol has one tick per second of market time on average.
/// </summary>
internal abstract class MarketTape
{
    /// <summary>The seq of the first record. All seqs have ten digits.</summary>
    public const long FirstSeq = 1_000_000_000;

    /// <summary>Number of records until the seqs have eleven digits.</summary>
    public const long MaxRecords = 9_000_000_000;

    private const int BlockRecords = 65_536;

    private readonly Dictionary<string, List<int>> turns = new(StringComparer.Ordinal); // indexes in the block at which a symbol trades
    private readonly long step;
    private readonly Timestamp start;

    /// <summary>Creates a tape with a given number of symbols, numbered from a first number in steps.</summary>
    protected MarketTape(int symbols, int first, int every)
    {
        var names = Enumerable.Range(0, (symbols - first + every - 1) / every)
            .Select(index => $"SYM{first + (index * every):D3}").ToArray();
        step = Math.Max(1, Timestamp.Second / names.Length);
        var options = new MarketOptions
        {
            Symbols = names.Length, Names = names, Ticks = BlockRecords, Step = step, Seed = (ulong)first + 7,
        };
        start = options.Start;
        Symbols = names;
        Block = [.. MarketGenerator.Generate(options)];
        for (var place = 0; place < Block.Length; place++)
        {
            if (!turns.TryGetValue(Block[place].Symbol.Name, out var places)) turns.Add(Block[place].Symbol.Name, places = []);
            places.Add(place);
        }
    }

    /// <summary>Number of records written.</summary>
    public long Position { get; private set; }

    /// <summary>The names of its symbols.</summary>
    public IReadOnlyList<string> Symbols { get; }

    /// <summary>The repeated ticks.</summary>
    protected Record[] Block { get; }

    public static MarketTape Open(bool binary, int symbols, int first, int every) =>
        binary ? new BinaryTape(symbols, first, every) : new LineTape(symbols, first, every);

    /// <summary>Writes the next records.</summary>
    public void Write(int count, IBufferWriter<byte> output)
    {
        for (var left = count; left > 0; left--, Position++)
            WriteOne((int)(Position % BlockRecords), FirstSeq + Position, TimeOf(Position), output);
        Flush();
    }

    /// <summary>The timestamp of a record.</summary>
    public Timestamp TimeOf(long position) => new(start.Nanoseconds + (position * step));

    /// <summary>The position of a symbol's first record at or after a time; -1 when the symbol never trades.</summary>
    public long FirstAt(string symbol, Timestamp time)
    {
        if (!turns.TryGetValue(symbol, out var places)) return -1;
        var (block, from) = Math.DivRem(Math.Max(0, (time.Nanoseconds - start.Nanoseconds + step - 1) / step), BlockRecords);
        var next = places.BinarySearch((int)from);
        if (next < 0) next = ~next;
        return next < places.Count ? (block * BlockRecords) + places[next] : ((block + 1) * BlockRecords) + places[0];
    }

    protected abstract void WriteOne(int index, long seq, Timestamp time, IBufferWriter<byte> output);

    protected virtual void Flush()
    {
    }

    /// <summary>Prepared lines, in which only digits change.</summary>
    private sealed class LineTape : MarketTape
    {
        private const int TimeDigits = 19;
        private const int SeqDigits = 10;

        private readonly (byte[] Line, int Time, int Seq)[] lines;

        public LineTape(int symbols, int first, int every)
            : base(symbols, first, every)
        {
            var text = new ArrayBufferWriter<byte>();
            lines = new (byte[], int, int)[Block.Length];
            for (var i = 0; i < lines.Length; i++)
            {
                text.ResetWrittenCount();
                RecordWriter.Write(Block[i].WithIdentity(new Identity(Source.Anonymous, 0, FirstSeq)), Dialect.Canonical, text);
                lines[i] =
                    (text.WrittenSpan.ToArray(), text.WrittenSpan.IndexOf("\"ts\":"u8) + 5, text.WrittenSpan.IndexOf("\"seq\":"u8) + 6);
            }
        }

        protected override void WriteOne(int index, long seq, Timestamp time, IBufferWriter<byte> output)
        {
            var (line, timeAt, seqAt) = lines[index];
            var to = output.GetSpan(line.Length);
            line.CopyTo(to);
            WriteDigits(to.Slice(timeAt, TimeDigits), time.Nanoseconds);
            WriteDigits(to.Slice(seqAt, SeqDigits), seq);
            output.Advance(line.Length);
        }

        private static void WriteDigits(Span<byte> to, long value)
        {
            for (var i = to.Length - 1; i >= 0; i--)
            {
                var rest = value / 10;
                to[i] = (byte)('0' + (value - (rest * 10)));
                value = rest;
            }
        }
    }

    /// <summary>Frames, encoded on the fly, which costs about as much as changing prepared ones.</summary>
    private sealed class BinaryTape(int symbols, int first, int every) : MarketTape(symbols, first, every)
    {
        private BinaryEncoder? encoder;

        protected override void WriteOne(int index, long seq, Timestamp time, IBufferWriter<byte> output)
        {
            encoder ??= new BinaryEncoder(output);
            ref readonly var tick = ref Block[index];
            encoder.Write(Record.OfTick(tick.Symbol, new Identity(Source.Anonymous, 0, seq), time, tick.A, tick.B));
        }

        protected override void Flush() => encoder?.Flush();
    }
}
