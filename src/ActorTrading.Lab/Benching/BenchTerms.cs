using System.Diagnostics;

namespace ActorTrading.Lab.Benching;

/// <summary>What all connections of one run share.</summary>
/// <param name="Epoch">The epoch of the run, so that a node that knows the sources treats their seqs as new.</param>
/// <param name="Window">Most records sent and not acknowledged on one connection.</param>
/// <param name="Clock">The clock of the run.</param>
/// <param name="WarmUp">Clock time from which due records count in the latencies.</param>
internal sealed record BenchTerms(long Epoch, int Window, Stopwatch Clock, TimeSpan WarmUp);
