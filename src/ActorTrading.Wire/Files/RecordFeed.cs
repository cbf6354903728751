using System.Text;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Framing;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Files;

/// <summary>The records of one input of a known format: bytes in, as they come, records out. Not safe for several threads.</summary>
internal abstract class RecordFeed(string name, ReadOptions options, IRecordSink sink)
{
    /// <summary>The line that is being read, from 1; 0 where nothing was read yet or the format has no lines.</summary>
    public long LineNumber { get; protected set; }

    protected IRecordSink Sink => sink;

    protected string Name => name;

    protected int MaxLineLength => options.MaxLineLength;

    /// <summary>A feed for a format that is no archive.</summary>
    public static RecordFeed Of(InputFormat format, string name, ReadOptions options, IRecordSink sink) => format switch
    {
        InputFormat.Binary => new BinaryFeed(name, options, sink),
        InputFormat.Json => new JsonFeed(name, options, sink, new JsonObjectSplitter(options.MaxLineLength)),
        InputFormat.Csv => new TableFeed(name, options, sink),
        _ => new LineFeed(name, options, sink),
    };

    /// <summary>Takes the next bytes; false where no more can be made use of.</summary>
    /// <exception cref="InputException">It is not what it seemed to be.</exception>
    public abstract bool Feed(ReadOnlySpan<byte> bytes);

    /// <summary>Nothing more comes.</summary>
    /// <exception cref="InputException">It ends too early, or was damaged.</exception>
    public abstract void Complete();

    protected ParserOptions ParserOptions() => options.Parser with { DefaultSource = SourceOfInput() };

    protected Source SourceOfInput() => options.Source ?? InputReader.SourceOf(name);

    /// <summary>A format of pieces that a splitter finds: lines or objects.</summary>
    private abstract class PieceFeed(string name, ReadOptions options, IRecordSink sink, IPieceSplitter splitter) : RecordFeed(name, options, sink)
    {
        public sealed override bool Feed(ReadOnlySpan<byte> bytes)
        {
            LineStatus status;
            while ((status = splitter.Next(ref bytes, out var piece)) != LineStatus.NeedMore) Take(status, piece);
            return true;
        }

        public sealed override void Complete()
        {
            var last = splitter.Finish(out var end);
            if (last != LineStatus.NeedMore) Take(last, end);
        }

        protected abstract void Take(LineStatus status, ReadOnlySpan<byte> piece);

        protected void RejectTooLong() => Sink.OnRejected(RejectedInput.TooLong(
            new Identity(SourceOfInput(), 0, Identity.None), LineNumber, splitter.SkippedBytes, MaxLineLength, splitter.SkippedStart));
    }

    private sealed class LineFeed(string name, ReadOptions options, IRecordSink sink)
        : PieceFeed(name, options, sink, new LineSplitter(options.MaxLineLength))
    {
        private RecordParser? parser;

        protected override void Take(LineStatus status, ReadOnlySpan<byte> piece)
        {
            LineNumber++;
            if (status == LineStatus.Line) (parser ??= new RecordParser(ParserOptions())).Parse(piece, LineNumber, Sink);
            else RejectTooLong();
        }
    }

    private sealed class JsonFeed(string name, ReadOptions options, IRecordSink sink, JsonObjectSplitter splitter)
        : PieceFeed(name, options, sink, splitter)
    {
        private RecordParser? parser;

        protected override void Take(LineStatus status, ReadOnlySpan<byte> piece)
        {
            LineNumber = splitter.LinesSeen + 1;
            if (status == LineStatus.Line) (parser ??= new RecordParser(ParserOptions())).Parse(piece, LineNumber, Sink);
            else RejectTooLong();
        }
    }

    private sealed class TableFeed(string name, ReadOptions options, IRecordSink sink)
        : PieceFeed(name, options, sink, new LineSplitter(options.MaxLineLength))
    {
        private CsvParser? parser;

        protected override void Take(LineStatus status, ReadOnlySpan<byte> piece)
        {
            LineNumber++;
            if (status == LineStatus.Line && parser is not null) parser.Parse(piece, LineNumber, Sink);
            else if (status == LineStatus.Line && !piece.Trim(" \t"u8).IsEmpty) parser = new CsvParser(ParserOptions(), ReadHeader(piece, ParserOptions()));
            else if (status == LineStatus.TooLong && parser is not null) RejectTooLong();
            else if (status == LineStatus.TooLong) throw NoFormat("its first line is too long for the header of a table");
        }

        private CsvHeader ReadHeader(ReadOnlySpan<byte> line, ParserOptions parserOptions)
        {
            if (CsvHeader.TryParse(line, parserOptions, out var header, out var error)) return header;
            throw CsvHeader.LooksLikeOne(line)
                ? new InputException(Name, error, $"line {LineNumber}")
                : NoFormat($"its first line is '{Printable(line)}'");
        }

        private InputException NoFormat(string why) =>
            new(Name, $"holds neither JSON nor a table with a header: {why}", $"line {LineNumber}");

        private static string Printable(ReadOnlySpan<byte> line) => string.Concat(
            Encoding.UTF8.GetString(line[..Math.Min(line.Length, 60)]).Select(c => char.IsControl(c) ? '\uFFFD' : c));
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
