using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Files;

/// <summary>
/// Examines the beginning of an input before it is read: the layout of a table, the unit of its times, day or month first, the direction of
/// its times. The findings apply to the whole input and are reported to the user.
/// </summary>
internal sealed class InputSurvey
{
    /// <summary>Columns of files whose whole-number prices are in units of 1e-9.</summary>
    private static readonly string[] FixedPointMarks = ["rtype", "publisher_id"];

    private InputSurvey(DetectedInput input, InputTaken taken)
    {
        Input = input;
        Taken = taken;
    }

    /// <summary>The input, its options completed with the findings.</summary>
    public DetectedInput Input { get; }

    /// <summary>The findings.</summary>
    public InputTaken Taken { get; }

    /// <summary>Examines the beginning of an input.</summary>
    /// <exception cref="InputException">The input cannot be read, or can be read in more than one way.</exception>
    public static InputSurvey Of(InputFormat format, string name, ReadOptions options, ReadOnlySpan<byte> head, bool isWhole)
    {
        var input = new DetectedInput(format, name, options, Layout: null);
        if (format == InputFormat.Binary) return new InputSurvey(input, new InputTaken { Name = name, Format = format });
        TableLayout? layout = null;
        if (format == InputFormat.Csv)
        {
            if (!TableDetector.TryDetect(head, isWhole, options.Parser, out layout, out var fault))
                throw new InputException(name, fault.Problem, $"line {fault.Line}") { IsNoTable = !fault.IsTable, IsEmpty = fault.IsEmpty };
            input = input with { Layout = layout };
        }

        // First pass: find the meaning of the times. Second pass: check the result.
        var text = isWhole || layout is null ? head : head[..(head.LastIndexOf(layout.LineEnd) + 1)]; // JSON that is cut off is seen to be
        var evidence = new StampEvidence();
        var first = new Seen();
        Read(input, options.Parser with { Evidence = evidence }, text, first);
        var parser = options.Parser;
        if (parser.TimeUnit is null && parser.TimeFormat is null) parser = parser with { TimeUnit = evidence.Unit() };
        if (evidence.Ambiguity is { } ambiguity) throw new InputException(name, ambiguity);
        var order = parser.DateOrder != DateOrder.Unknown ? parser.DateOrder
            : layout is { DateOrder: not DateOrder.Unknown } ? layout.DateOrder
            : evidence.Order();
        if (order == DateOrder.Unknown && evidence.IsOrderOpen && parser.TimeFormat is null)
        {
            throw new InputException(name, "its dates may begin with the day or the month: set --time-format to dd/MM/yyyy or "
                + "MM/dd/yyyy, followed by the time of day if there is one");
        }

        var isFound = options.Parser.TimeUnit is null;
        parser = parser with { DateOrder = order, IsUnitFound = isFound };
        var seen = new Seen();
        var marking = parser.IsBarFrameGiven ? parser : parser with { BarFrame = Seen.Unnamed, FrameOfParts = Seen.UnnamedPart };
        var lines = Read(input, marking, text, seen);
        List<string> notes = [.. options.Notes, .. layout?.Notes ?? []];
        if (evidence.HasSlashes && parser.TimeFormat is null && order != DateOrder.Unknown)
            notes.Add(order == DateOrder.DayFirst ? "dates begin with the day" : "dates begin with the month");
        if (seen.IsAllDates && seen.Bars > 0 && !parser.IsBarFrameGiven && parser.BarFrame < Frame.OneDay)
        {
            parser = parser with { BarFrame = Frame.OneDay, IsBarFrameGiven = true };
            notes.Add("bars are daily, since they are stamped with dates");
        }
        else if (!parser.IsBarFrameGiven && seen.IsOfDays)
        {
            parser = OfDays(parser, name, seen, notes);
        }
        else if (!parser.IsBarFrameGiven && seen.FrameOfUnnamed(parser) is { } frame)
        {
            parser = parser with { BarFrame = frame, IsBarFrameGiven = true };
            if (frame == Frame.Tick)
                notes.Add("bars are shorter than a minute and match no frame: like ticks, they merge into the plan's smallest bars");
        }

        if (seen.IsAllWhole && layout is not null && Array.TrueForAll(FixedPointMarks, layout.Unused.Contains))
        {
            throw new InputException(
                name, "its prices are in units of 1e-9 (columns rtype and publisher_id: Databento's fixed-point layout): "
                    + "write the file with prices as decimals (pretty_px)");
        }

        var names = seen.Bars > 0 && layout?.Used.Any(column => column.Field == "frame") != true;
        var taken = new InputTaken
        {
            Name = name,
            Format = format,
            Kinds = seen.Kinds(),
            Used = layout?.Used ?? [],
            Unused = layout?.Unused ?? [],
            Unit = evidence.HasNumbers ? parser.TimeUnit : null,
            Zone = evidence.HasLocalTimes && !seen.IsAllDates ? parser.Zone.Name : null,
            Frame = names && format == InputFormat.Csv && parser.BarFrame != Frame.Tick ? parser.BarFrame : null,
            Order = seen.Order(format == InputFormat.Ndjson && lines > 1),
            Times = seen.Times,
            Notes = notes,
        };
        return new InputSurvey(input with { Options = options with { Parser = parser } }, taken);
    }

    /// <summary>The options for bars without a frame that are whole days apart.</summary>
    /// <exception cref="InputException">Their frame or their date is ambiguous.</exception>
    private static ParserOptions OfDays(ParserOptions parser, string name, Seen seen, List<string> notes)
    {
        if (seen.Steps.FrameOf(seen.IsAllMidnights) is not { } frame)
        {
            throw new InputException(name, "its bars have no frame and are whole days apart: set --frame 1day if they are daily, "
                + "--frame 1min if they are one-minute bars");
        }

        var midnight = $"{seen.Steps.TimeOfDay:hh\\:mm} UTC";
        if (parser.Zone == InputZone.Utc && !seen.IsAllMidnights)
        {
            if (seen.Steps.BeforeMidnight is not { } shift)
            {
                throw new InputException(name, $"its bars of {frame.Name()} are stamped at {midnight}, "
                    + $"which may be midnight of the next date east of Greenwich: set --zone {seen.Steps.ZoneOfMidnights} if so, "
                    + $"--frame {frame.Name()} if they belong to the date in UTC");
            }

            parser = parser with { DateAhead = shift };
            if (shift > 0) notes.Add($"bars belong to the date that begins at {midnight}");
        }

        notes.Add($"bars have the frame {frame.Name()}, since they are whole days apart");
        return parser with { BarFrame = frame, IsBarFrameGiven = true };
    }

    /// <summary>Reads the beginning; returns the line that was reached.</summary>
    private static long Read(DetectedInput input, ParserOptions parser, ReadOnlySpan<byte> text, Seen seen)
    {
        var options = input.Options with { Position = null, Parser = parser with { OnStamp = seen.OnStamp } };
        var feed = RecordFeed.Of(input with { Options = options }, seen, text);
        feed.Feed(text);
        try
        {
            feed.Complete();
        }
        catch (InputException)
        {
            // The beginning may end anywhere. Errors of the whole input are reported when it is read.
        }

        return feed.LineNumber;
    }

    /// <summary>Statistics of the records at the beginning.</summary>
    private sealed class Seen : IRecordSink
    {
        private readonly Dictionary<Symbol, Timestamp> last = [];
        private readonly Dictionary<Symbol, (Timestamp First, Timestamp Last)> times = [];
        private readonly Dictionary<RecordKind, int> kinds = [];
        private int unnamed;
        private int withinMinute;
        private bool hasSteps;
        private bool isOfGenerator;
        private int stamps;
        private int dates;
        private int midnights;
        private int up;
        private int down;

        /// <summary>Placeholder for the frame of bars without one.</summary>
        public const Frame Unnamed = (Frame)(-1);

        /// <summary>Placeholder for the frame of bars without one that look like parts of a bar.</summary>
        public const Frame UnnamedPart = (Frame)(-2);

        /// <summary>Whether all prices are whole numbers.</summary>
        public bool IsAllWhole { get; private set; } = true;

        public int Bars => kinds.GetValueOrDefault(RecordKind.Bar);

        public IReadOnlyDictionary<Symbol, (Timestamp First, Timestamp Last)> Times => times;

        public bool IsAllDates => stamps > 0 && dates == stamps;

        /// <summary>Whether all times are dates or midnights as written, so that the date is unambiguous.</summary>
        public bool IsAllMidnights => stamps > 0 && dates + midnights == stamps;

        /// <summary>Whether no bar has a frame, and all are whole days apart.</summary>
        public bool IsOfDays => unnamed == Bars && Steps.IsOfDays;

        /// <summary>Statistics of the times of bars without a frame.</summary>
        public BarSteps Steps { get; } = new();

        /// <summary>
        /// The direction of the times: ascending or descending if at most one step in fifty is against it. Lines come from streams, where a
        /// few may be out of order, so more evidence is needed to decide that all are newest first.
        /// </summary>
        public TimeOrder Order(bool isOfLines) => (up, down) switch
        {
            (0, 0) => TimeOrder.Unknown,
            (0, _) when down < LeastDown(isOfLines) => TimeOrder.Mixed,
            _ when down * 50L <= up => TimeOrder.OldestFirst,
            _ when up * 50L <= down => TimeOrder.NewestFirst,
            _ => TimeOrder.Mixed,
        };

        private int LeastDown(bool isOfLines) => isOfLines ? 5 : Bars > 0 ? 1 : 2;

        public IReadOnlyList<string> Kinds() => [.. kinds.OrderByDescending(kind => kind.Value).Select(kind => KindNames.Name(kind.Key))];

        /// <summary>
        /// The frame of bars without one. One minute if they are a minute or more apart. No frame if a quarter of them is stamped within a
        /// minute, or if there is one bar per symbol (from a generator that sends more). Null if all bars have a frame.
        /// </summary>
        public Frame? FrameOfUnnamed(ParserOptions parser)
        {
            if (unnamed == 0) return null;
            var isShort = hasSteps || withinMinute > 0 ? withinMinute * 4L >= unnamed : isOfGenerator;
            return isShort ? Frame.Tick : parser.BarFrame;
        }

        public void OnStamp(StampForm form)
        {
            stamps++;
            if (form == StampForm.Date) dates++;
            else if (form == StampForm.Midnight) midnights++;
        }

        public void OnRecord(in Record record)
        {
            kinds[record.Kind] = kinds.GetValueOrDefault(record.Kind) + 1;
            IsAllWhole &= !RecordNumbers.IsPrice(record.Kind, 0)
                || (record.Units.PriceDecimals is <= Scale.MaxExponent and var decimals && record.A % Scale.Of(decimals) == 0);
            var hasBefore = last.TryGetValue(record.Symbol, out var before);
            if (hasBefore)
            {
                if (record.Time > before) up++;
                else if (record.Time < before) down++;
            }

            if (record.Kind == RecordKind.Bar) TakeBar(record, before, hasBefore);

            last[record.Symbol] = record.Time;
            if (!times.TryGetValue(record.Symbol, out var range)) range = (record.Time, record.Time);
            if (record.Time < range.First) range.First = record.Time;
            if (record.Time > range.Last) range.Last = record.Time;
            times[record.Symbol] = range;
        }

        private void TakeBar(in Record bar, Timestamp before, bool hasBefore)
        {
            if (bar.Frame is not (Unnamed or UnnamedPart)) return;
            unnamed++;
            Steps.Add(bar);
            if (bar.Frame == UnnamedPart) isOfGenerator = true;
            // The last moment of a minute counts as a bar's end.
            if (bar.Time.Nanoseconds % Timestamp.Minute is not (0 or Timestamp.Minute - 1)) withinMinute++;
            hasSteps |= hasBefore && bar.Time != before;
        }

        public void OnRejected(in RejectedInput input)
        {
        }
    }
}
