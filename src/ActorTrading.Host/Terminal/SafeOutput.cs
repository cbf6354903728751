using System.Text;
using ActorTrading.Wire.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorTrading.Host.Terminal;

/// <summary>
/// Filters all terminal output, so that text from senders cannot control the terminal. Values from senders are escaped by
/// <see cref="PlainText.Line"/> where they are printed; this filter catches the forgotten ones.
/// </summary>
internal static class SafeOutput
{
    private static readonly Lock Sync = new();
    private static TextWriter? installedOut;
    private static TextWriter? installedError;
    private static TextWriter? rawOut;
    private static TextWriter? rawError;

    /// <summary>Unfiltered standard output, for intended terminal control.</summary>
    public static TextWriter RawOut => rawOut ?? Console.Out;

    /// <summary>Unfiltered standard error, for intended terminal control.</summary>
    public static TextWriter RawError => rawError ?? Console.Error;

    /// <summary>Installs the filter on standard output and standard error, once.</summary>
    public static void Install()
    {
        lock (Sync)
        {
            if (Console.Out != installedOut)
            {
                Console.SetOut(new SafeWriter(rawOut = Console.Out));
                installedOut = Console.Out;
            }

            if (Console.Error != installedError)
            {
                Console.SetError(new SafeWriter(rawError = Console.Error));
                installedError = Console.Error;
            }
        }
    }

    /// <summary>Prints one line, whatever its values contain: see <see cref="PlainText.Line"/>.</summary>
    public static void Say(this TextWriter text, string? line) => text.WriteLine(PlainText.Line(line));

    /// <summary>Standard output for coloured text (colours only on a terminal); the text cannot control the terminal.</summary>
    public static IAnsiConsole Coloured() => Shielded(AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        Out = new StandardOutput(),
    }));

    /// <summary>Wraps a console so that its texts cannot control the terminal.</summary>
    public static IAnsiConsole Shielded(IAnsiConsole console)
    {
        console.Pipeline.Attach(new Shield());
        return console;
    }

    private sealed class StandardOutput : IAnsiConsoleOutput
    {
        public TextWriter Writer => RawOut;

        public bool IsTerminal => !Console.IsOutputRedirected;

        public int Width => IsTerminal ? Console.BufferWidth : 80;

        public int Height => IsTerminal ? Console.WindowHeight : 24;

        public void SetEncoding(Encoding encoding) => Console.OutputEncoding = encoding;
    }

    private sealed class Shield : IRenderHook
    {
        public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) =>
            renderables.Select(one => new Shielding(one));
    }

    private sealed class Shielding(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => inner.Render(options, maxWidth)
            .Select(segment => segment.IsControlCode || PlainText.IsPlain(segment.Text)
                ? segment
                : new Segment(PlainText.Shield(segment.Text), segment.Style));
    }
}

/// <summary>Writes text so that it cannot control a terminal; line breaks and tabs are kept. See <see cref="PlainText.Shield"/>.</summary>
internal sealed class SafeWriter(TextWriter inner) : TextWriter(inner.FormatProvider)
{
    private char half; // first half of a surrogate pair; the other half follows

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (half == 0 && PlainText.IsPlain(buffer))
        {
            inner.Write(buffer);
            return;
        }

        var text = half == 0 ? buffer.ToString() : $"{half}{buffer}";
        half = default;
        if (text.Length > 0 && char.IsHighSurrogate(text[^1]))
        {
            half = text[^1];
            text = text[..^1];
        }

        inner.Write(PlainText.Shield(text));
    }

    public override void WriteLine() => Write(CoreNewLine);

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override Task WriteAsync(char value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override void Flush() => inner.Flush();
}
