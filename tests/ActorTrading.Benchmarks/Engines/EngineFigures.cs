using System.Globalization;

namespace ActorTrading.Benchmarks.Engines;

/// <summary>
/// The results of a run: latencies from the scheduled time of a batch to its answer, in milliseconds; processor time includes the sender's.
/// </summary>
internal sealed record EngineFigures(
    string Engine, double Rate, double[] Latencies, double MicrosecondsOfCpu, double BytesAllocated, double RecordsAnEvent)
{
    public const string Header = "engine      ticks/s   p50 ms   p99 ms   max ms   cpu us/tick   bytes/tick   ticks/event";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Engine,-9}{Rate,10:N0}{Part(0.5),9:N1}{Part(0.99),9:N1}{Part(1),9:N1}"
        + $"{MicrosecondsOfCpu,14:N2}{BytesAllocated,13:N0}{RecordsAnEvent,14:N1}");

    private double Part(double part) => Latencies[Math.Max(0, (int)Math.Ceiling(part * Latencies.Length) - 1)];
}
