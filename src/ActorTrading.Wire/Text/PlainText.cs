using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Escapes foreign text for terminals and logs: control characters (C0, DEL, C1), line and paragraph separators, characters that change the
/// direction of writing, and halves of surrogate pairs are written as <c>\u001b</c>. <see cref="Line"/> is reversible: backslashes before
/// such an escape, or before text that would be read as one, are doubled; other backslashes are not changed.
/// </summary>
public static class PlainText
{
    private const int EscapeLength = 6; // \u001b
    private const string Printable = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";

    private static readonly SearchValues<char> InLine = SearchValues.Create(Printable);
    private static readonly SearchValues<char> InShield = SearchValues.Create(Printable + "\\\n\t");

    /// <summary>Escapes a value to one line, including line feeds, carriage returns and tabs.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Line(string? text) => text is null ? null : Write(text, isOneLine: true);

    /// <summary>
    /// Escapes our own text, which may contain values that are already escaped: line feeds and tabs are kept, and no backslash is doubled.
    /// JSON keeps its meaning.
    /// </summary>
    public static string Shield(string text) => Write(text, isOneLine: false);

    /// <summary>
    /// Quick check whether <see cref="Shield"/> does not change the text. A false result is possible for such a text, too.
    /// </summary>
    public static bool IsPlain(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(InShield);

    /// <summary>Reverses <see cref="Line"/>.</summary>
    public static string Undo(string written)
    {
        var text = new StringBuilder(written.Length);
        for (var i = 0; i < written.Length;)
        {
            var run = RunLength(written, i);
            var isEscape = IsHex(written, i + run);
            text.Append('\\', isEscape ? run / 2 : run);
            i += run;
            if (isEscape && run % 2 == 1)
            {
                text.Append((char)int.Parse(written.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += EscapeLength - 1;
            }
            else if (i < written.Length)
            {
                text.Append(written[i++]);
            }
        }

        return text.ToString();
    }

    private static string Write(string text, bool isOneLine)
    {
        if (!text.AsSpan().ContainsAnyExcept(isOneLine ? InLine : InShield)) return text;
        var written = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length;)
        {
            var run = RunLength(text, i);
            var next = i + run;
            written.Append('\\', isOneLine && (IsHex(text, next) || IsSteering(text, next, isOneLine)) ? 2 * run : run);
            i = next;
            if (i == text.Length) break;
            if (IsSteering(text, i, isOneLine)) written.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            else written.Append(text[i]);
            i++;
        }

        return written.ToString();
    }

    /// <summary>Number of backslashes at that position.</summary>
    private static int RunLength(string text, int from)
    {
        var to = from;
        while (to < text.Length && text[to] == '\\') to++;
        return to - from;
    }

    /// <summary>Whether a <c>u</c> and four hexadecimal digits are at that position: after a backslash they are an escape.</summary>
    private static bool IsHex(string text, int at)
    {
        if (at + EscapeLength - 1 > text.Length || text[at] != 'u') return false;
        for (var i = 1; i < EscapeLength - 1; i++)
        {
            if (!char.IsAsciiHexDigit(text[at + i])) return false;
        }

        return true;
    }

    private static bool IsSteering(string text, int at, bool isOneLine)
    {
        if (at >= text.Length) return false;
        var c = text[at];
        if (c is '\n' or '\t') return isOneLine;
        if (c == '\r') return isOneLine || at + 1 == text.Length || text[at + 1] != '\n';
        if (char.IsHighSurrogate(c)) return at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]);
        if (char.IsLowSurrogate(c)) return at == 0 || !char.IsHighSurrogate(text[at - 1]);
        return char.IsControl(c) || c is '\u061c' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
    }
}
