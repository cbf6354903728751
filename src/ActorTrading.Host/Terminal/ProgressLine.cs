using System.Diagnostics;
using ActorTrading.Engine.Verifying;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Terminal;

/// <summary>
/// A progress line on standard error, redrawn a few times a second. Prints nothing when standard error is not a terminal, or when the work
/// ends before the line could be read.
/// </summary>
internal sealed class ProgressLine : IProgress<ReadProgress>, IProgress<VerificationProgress>, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly bool visible = !Console.IsErrorRedirected;
    private readonly Stopwatch sinceDrawn = Stopwatch.StartNew();
    private int drawn;

    public void Report(ReadProgress value)
    {
        if (!IsTime()) return;
        var megabytes = value.BytesRead / 1e6;
        var text = value.BytesTotal is > 0 and var total
            ? $"{value.Input}: {100.0 * value.BytesRead / total:f0} % of {total / 1e6:N0} MB"
            : $"{value.Input}: {megabytes:N0} MB";
        Draw(text);
    }

    public void Report(VerificationProgress value)
    {
        if (IsTime()) Draw($"{value.Events:N0} of {value.AllEvents:N0} events, {value.Records:N0} records");
    }

    /// <summary>Reports the progress as text.</summary>
    public void Report(string text)
    {
        if (IsTime()) Draw(text);
    }

    public void Dispose()
    {
        if (drawn > 0) Draw("");
    }

    private bool IsTime()
    {
        if (!visible || sinceDrawn.Elapsed < Pause) return false;
        sinceDrawn.Restart();
        return true;
    }

    private void Draw(string text)
    {
        text = PlainText.Line(text);
        SafeOutput.RawError.Write($"\r{"".PadRight(drawn)}\r{text}");
        drawn = text.Length;
    }
}
