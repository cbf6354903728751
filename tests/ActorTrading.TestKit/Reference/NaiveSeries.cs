using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Plans;

namespace ActorTrading.TestKit.Reference;

/// <summary>A price, or an external bar (then <paramref name="Made"/> is its frame), on its way into bars.</summary>
internal sealed record Piece(long Time, long Open, long High, long Low, long Close, Int128 Volume, long Ticks, Frame Made);

/// <summary>
/// A slow and simple model of one frame of a symbol: all closed bars, and the pieces of the open one. A new instance of the indicator
/// computes values from all bars, beginning with the first.
/// </summary>
internal sealed class NaiveSeries(Frame frame, PlanSettings settings, NaiveSeries? source = null)
{
    private readonly TradingCalendar calendar = settings.Calendar;

    public Frame Frame => frame;

    /// <summary>The series from whose bars it is built; null for the smallest.</summary>
    public NaiveSeries? Source => source;

    /// <summary>Whether input of that series reaches this one.</summary>
    public bool IsMadeOf(NaiveSeries other) => this == other || source?.IsMadeOf(other) == true;

    public List<Bar> Closed { get; } = [];

    public List<Piece> Pieces { get; } = [];

    /// <summary>The bucket of the waiting pieces; all are in one bucket.</summary>
    public Bucket Bucket => Pieces.Select(piece => calendar.BucketAt(frame, new(piece.Time))).Distinct().Single();

    public Bar BarOf(IEnumerable<Piece> pieces)
    {
        var all = pieces.ToList();
        return new Bar
        {
            OpenTime = Bucket.Start,
            Session = Bucket.Session,
            Open = all[0].Open,
            High = all.Max(piece => piece.High),
            Low = all.Min(piece => piece.Low),
            Close = all[^1].Close,
            Volume = all.Aggregate(Int128.Zero, (sum, piece) => sum + piece.Volume),
            Ticks = all.Sum(piece => piece.Ticks),
        };
    }

    public void Close()
    {
        Closed.Add(BarOf(Pieces));
        Pieces.Clear();
    }

    /// <summary>The value of an output after the last closed bar.</summary>
    public double Value(IndicatorSpec spec)
    {
        var values = Run(spec, Closed, out var failedAt);
        return Closed.Count == 0 || failedAt >= 0 ? Indicator.Absent : values[Math.Max(0, spec.Output)];
    }

    /// <summary>Whether the indicator fails at the last closed bar.</summary>
    public bool FailsNow(IndicatorSpec spec)
    {
        Run(spec, Closed, out var failedAt);
        return failedAt >= 0 && failedAt == Closed.Count - 1;
    }

    private double[] Run(IndicatorSpec spec, List<Bar> bars, out int failedAt)
    {
        failedAt = -1;
        var layout = new StateLayout(settings.Units, settings.Limits.AnyPrices);
        var indicator = spec.Kind.Create(new Arguments(spec.Arguments), layout);
        var words = new long[layout.Words];
        var values = new double[spec.Kind.OutputCount];
        for (var i = 0; i < bars.Count; i++)
        {
            Array.Fill(values, Indicator.Absent);
            try
            {
                indicator.Step(bars[i], words, values);
            }
            catch (OverflowException)
            {
                failedAt = i;
                return values;
            }
        }

        return [.. values.Select(value => double.IsFinite(value) ? value : Indicator.Absent)];
    }
}
