using ActorTrading.Domain.Values;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Framing;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Files;

/// <summary>Push parser of one input of a known format: bytes in, records out. Not thread-safe.</summary>
internal abstract class RecordFeed(string name, ReadOptions options, IRecordSink sink)
{
    /// <summary>The current line, from 1; 0 before the first read or if the format has no lines.</summary>
    public long LineNumber { get; protected set; }

    protected IRecordSink Sink => sink;

    protected string Name => name;

    protected ReadPosition? Position => options.Position;

    protected int MaxLineLength => options.MaxLineLength;

    /// <summary>Creates a feed for a format that is not an archive.</summary>
    /// <param name="input">The input.</param>
    /// <param name="sink">Receives the records.</param>
    /// <param name="head">The beginning of the input, which says how JSON is split.</param>
    public static RecordFeed Of(DetectedInput input, IRecordSink sink, ReadOnlySpan<byte> head)
    {
        var (format, name, options, layout) = input;
        return format switch
        {
            InputFormat.Binary => new BinaryFeed(name, options, sink),
            InputFormat.Json => new JsonFeed(name, options, sink, new JsonObjectSplitter(options.MaxLineLength, IsOfArrays(head))),
            InputFormat.Csv => new TableFeed(name, options, layout!, sink),
            _ => new LineFeed(name, options, sink),
        };
    }

    /// <summary>Creates a feed that ignores its input.</summary>
    public static RecordFeed Nothing(string name, ReadOptions options, IRecordSink sink) => new NoFeed(name, options, sink);

    /// <summary>Reads the next bytes. Returns false if further bytes cannot be used.</summary>
    /// <exception cref="InputException">The input is not of the detected format.</exception>
    public abstract bool Feed(ReadOnlySpan<byte> bytes);

    /// <summary>Ends the input.</summary>
    /// <exception cref="InputException">The input is cut short or damaged.</exception>
    public abstract void Complete();

    /// <summary>Stops reading before the end; delivers what is left to deliver.</summary>
    public virtual void Stop()
    {
    }

    protected ParserOptions ParserOptions() => options.Parser with { DefaultSource = SourceOfInput() };

    /// <summary>Whether a JSON text is an array of arrays.</summary>
    private static bool IsOfArrays(ReadOnlySpan<byte> head) =>
        head.TrimStart(" \t\r\n"u8) is [(byte)'[', .. var inner] && inner.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];

    protected InputException NoRows() => new(Name, "is empty: a header and no rows") { IsEmpty = true };

    protected Source SourceOfInput() => options.Source ?? InputReader.SourceOf(name);

    private sealed class NoFeed(string name, ReadOptions options, IRecordSink sink) : RecordFeed(name, options, sink)
    {
        public override bool Feed(ReadOnlySpan<byte> bytes) => false;

        public override void Complete()
        {
        }
    }

    private sealed class LineFeed(string name, ReadOptions options, IRecordSink sink)
        : PieceFeed(name, options, sink, new LineSplitter(options.MaxLineLength))
    {
        private RecordParser? parser;

        public override bool DependsOnEarlier => parser is { DependsOnEarlier: true };

        protected override void Take(LineStatus status, ReadOnlySpan<byte> piece)
        {
            if (status == LineStatus.Line) (parser ??= new RecordParser(ParserOptions())).Parse(piece, LineNumber, Sink);
            else RejectTooLong();
        }
    }

    private sealed class JsonFeed(string name, ReadOptions options, IRecordSink sink, JsonObjectSplitter splitter)
        : PieceFeed(name, options, sink, splitter)
    {
        private RecordParser? parser;

        protected override long NextLine => splitter.PieceLine;

        protected override void Take(LineStatus status, ReadOnlySpan<byte> piece)
        {
            if (status == LineStatus.Line) (parser ??= new RecordParser(ParserOptions())).Parse(piece, LineNumber, Sink);
            else RejectTooLong();
        }
    }

    private sealed class TableFeed(string name, ReadOptions options, TableLayout layout, IRecordSink sink)
        : PieceFeed(name, options, sink, new LineSplitter(options.MaxLineLength, layout.LineEnd))
    {
        private CsvParser? parser;
        private bool hasRows;

        public override bool DependsOnEarlier => parser is { Stamps.DependsOnEarlier: true };

        protected override void Take(LineStatus status, ReadOnlySpan<byte> piece)
        {
            if (LineNumber <= layout.LinesBefore) return;
            if (status == LineStatus.Line) (parser ??= new CsvParser(ParserOptions(), layout)).Parse(piece, LineNumber, Sink);
            else RejectTooLong();
            hasRows |= status != LineStatus.Line || piece.Length > 0;
        }

        protected override void OnCompleted()
        {
            if (!hasRows) throw NoRows();
        }
    }

    private sealed class BinaryFeed : RecordFeed
    {
        private readonly BinaryDecoder decoder;

        public BinaryFeed(string name, ReadOptions options, IRecordSink sink)
            : base(name, options, sink) => decoder = new BinaryDecoder(new NamingSink(sink, SourceOfInput()));

        public override bool Feed(ReadOnlySpan<byte> bytes) => decoder.Feed(bytes);

        public override void Complete()
        {
            decoder.Complete();
            if (decoder.Damage is { } damage)
                throw new InputException(Name, $"is damaged at {damage.Rejection.Value}", $"frame {damage.Frame}");
        }
    }
}
