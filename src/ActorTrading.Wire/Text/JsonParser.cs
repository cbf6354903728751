using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Reads any line of JSON that holds records, by System.Text.Json: what every dialect means is defined here. A line
/// that is no valid JSON yields one rejection and no record, however far into the line the fault lies.
/// </summary>
internal sealed class JsonParser(ParserOptions options)
{
    // What a record inside an envelope takes over from the envelope, unless it says otherwise.
    private static readonly uint Shared = FieldSet.Mask(
        Field.Time, Field.Seq, Field.Source, Field.Epoch, Field.Kind, Field.Service, Field.Frame, Field.Condition);

    private readonly RecordAssembler assembler = new(options);
    private byte[] scratch = new byte[256];
    private int scratchLength;
    private byte[] repaired = [];

    /// <summary>Reads one line.</summary>
    public void Parse(ReadOnlySpan<byte> line, long lineNumber, IRecordSink sink)
    {
        line = line.Trim(" \t\r\n"u8);
        if (line.IsEmpty) return;
        scratchLength = 0;
        var position = FindFault(line);
        if (position >= 0 && TryQuoteNotFinite(line, out var quoted) && FindFault(quoted) < 0)
        {
            position = -1;
            line = quoted;
        }

        if (position >= 0)
        {
            Reject(line, lineNumber, sink, Explain(line, position));
        }
        else if (line[0] == '{')
        {
            ParseObject(line, lineNumber, sink);
        }
        else
        {
            ParseArray(line, lineNumber, sink);
        }
    }

    /// <summary>Where the line stops being a JSON object or array in UTF-8; -1 when it is one.</summary>
    private static int FindFault(ReadOnlySpan<byte> line)
    {
        // Most broken lines are told without an exception: those that are no JSON at all, and those cut short.
        if (line[0] is not ((byte)'{' or (byte)'[')) return 0;
        if (line[^1] is not ((byte)'}' or (byte)']')) return line.Length;
        if (!Utf8.IsValid(line)) return FirstInvalidByte(line);
        var reader = new Utf8JsonReader(line);
        try
        {
            while (reader.Read())
            {
            }

            return -1;
        }
        catch (JsonException)
        {
            return (int)reader.BytesConsumed;
        }
    }

    private static int FirstInvalidByte(ReadOnlySpan<byte> line)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(line[at..], out _, out var length) == OperationStatus.Done) at += length;
        return at;
    }

    private static Rejection Explain(ReadOnlySpan<byte> line, int position)
    {
        var start = Math.Clamp(position, 0, line.Length);
        var text = start == line.Length ? "the line ends" : Encoding.UTF8.GetString(line[start..Math.Min(line.Length, start + 80)]);
        return new Rejection(RejectReason.Malformed, "line", $"at byte {start}: {text}");
    }

    private void ParseArray(ReadOnlySpan<byte> line, long lineNumber, IRecordSink sink)
    {
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var item = line[start..(int)reader.BytesConsumed];
            if (item[0] == '{') ParseObject(item, lineNumber, sink);
            else Reject(item, lineNumber, sink, new Rejection(RejectReason.Malformed, "line", Encoding.UTF8.GetString(item)));
        }
    }

    /// <summary>Reads an object that is known to be valid: a record, an envelope, or bars by their symbols.</summary>
    private void ParseObject(ReadOnlySpan<byte> text, long lineNumber, IRecordSink sink)
    {
        var fields = default(FieldSet);
        var reader = new Utf8JsonReader(text);
        reader.Read();
        Collect(ref reader, text, ref fields, out var symbolsAt, out var nested);
        if (symbolsAt >= 0)
        {
            ParseMembers(text, symbolsAt, fields, lineNumber, sink);
        }
        else if (nested > 0 && IsEnvelope(fields))
        {
            ParseMembers(text, 0, fields, lineNumber, sink);
        }
        else
        {
            Emit(text, text, fields, lineNumber, sink);
        }
    }

    /// <summary>Whether an object of objects holds records by their symbols: nothing in it is a record's own.</summary>
    private static bool IsEnvelope(in FieldSet fields)
    {
        for (var field = Field.None + 1; field <= Field.Value; field++)
        {
            if (fields.Has(field) && fields.FormOf(field) != FieldForm.Other && (Shared & (1u << (int)field)) == 0) return false;
        }

        return true;
    }

    /// <summary>Reads the records of an object whose names are symbols and whose values are objects, or arrays of objects.</summary>
    private void ParseMembers(ReadOnlySpan<byte> text, int start, in FieldSet envelope, long lineNumber, IRecordSink sink)
    {
        var reader = new Utf8JsonReader(text[start..]);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = ValueOf(ref reader, start, out var nameLength, out var form);
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ParseMember(ref reader, text, start, envelope, (name, nameLength, form), lineNumber, sink);
            }
            else if (reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (reader.TokenType == JsonTokenType.StartObject)
                        ParseMember(ref reader, text, start, envelope, (name, nameLength, form), lineNumber, sink);
                    else
                        reader.Skip();
                }
            }
        }
    }

    private void ParseMember(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> text, int offset, in FieldSet envelope,
        (int Start, int Length, FieldForm Form) symbol, long lineNumber, IRecordSink sink)
    {
        var fields = envelope;
        fields.KeepOnly(Shared);
        fields.Set(Field.Symbol, symbol.Start, symbol.Length, symbol.Form);
        var start = offset + (int)reader.TokenStartIndex;
        Collect(ref reader, text, ref fields, out _, out _, offset);
        Emit(text, text[start..(offset + (int)reader.BytesConsumed)], fields, lineNumber, sink);
    }

    /// <summary>Takes the fields of the object that the reader stands at, up to its end.</summary>
    private void Collect(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> text, ref FieldSet fields, out int symbolsAt, out int nested, int offset = 0)
    {
        symbolsAt = -1;
        nested = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldOf(ref reader, out var isSymbols);
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                nested++;
                if (isSymbols) symbolsAt = offset + (int)reader.TokenStartIndex;
            }

            if (field == Field.None)
            {
                reader.Skip();
                continue;
            }

            var start = ValueOf(ref reader, offset, out var length, out var form);
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) reader.Skip();
            if (reader.TokenType == JsonTokenType.Null) fields.Clear(field);
            else fields.Set(field, start, length, form);
        }
    }

    private Field FieldOf(ref Utf8JsonReader reader, out bool isSymbols)
    {
        if (!reader.ValueIsEscaped)
        {
            isSymbols = Ascii.EqualsIgnoreCase(reader.ValueSpan, "symbols"u8);
            return FieldNames.Find(reader.ValueSpan);
        }

        var before = scratchLength;
        var start = Unescape(ref reader, out var length);
        scratchLength = before;
        isSymbols = length > 0 && Ascii.EqualsIgnoreCase(scratch.AsSpan(start, length), "symbols"u8);
        return length > 0 ? FieldNames.Find(scratch.AsSpan(start, length)) : Field.None;
    }

    /// <summary>The range of bytes that the token's value takes, in the line or unescaped in the scratch space.</summary>
    private int ValueOf(ref Utf8JsonReader reader, int offset, out int length, out FieldForm form)
    {
        length = reader.ValueSpan.Length;
        form = FieldForm.Other;
        var start = offset + (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                form = FieldForm.Number;
                return start;
            case JsonTokenType.String or JsonTokenType.PropertyName when !reader.ValueIsEscaped:
                form = FieldForm.Text;
                return start + 1;
            case JsonTokenType.String or JsonTokenType.PropertyName:
                var unescaped = Unescape(ref reader, out var unescapedLength);
                if (unescapedLength < 0) return start;
                form = FieldForm.Unescaped;
                length = unescapedLength;
                return unescaped;
            default:
                return start;
        }
    }

    /// <summary>Copies text without its escapes to the scratch space; a length of -1 where half a surrogate pair is escaped.</summary>
    private int Unescape(ref Utf8JsonReader reader, out int length)
    {
        var needed = scratchLength + reader.ValueSpan.Length;
        if (needed > scratch.Length) Array.Resize(ref scratch, Math.Max(needed, scratch.Length * 2));
        var start = scratchLength;
        try
        {
            length = reader.CopyString(scratch.AsSpan(start));
            scratchLength += length;
        }
        catch (InvalidOperationException)
        {
            length = -1;
        }

        return start;
    }

    private void Emit(ReadOnlySpan<byte> text, ReadOnlySpan<byte> own, in FieldSet fields, long lineNumber, IRecordSink sink)
    {
        if (assembler.TryAssemble(fields, text, scratch, out var record))
        {
            sink.OnRecord(record);
            return;
        }

        sink.OnRejected(assembler.Reject(fields, text, scratch, own, lineNumber));
    }

    private void Reject(ReadOnlySpan<byte> line, long lineNumber, IRecordSink sink, Rejection rejection) =>
        sink.OnRejected(new RejectedInput(
            new Identity(options.DefaultSource, 0, Identity.None), lineNumber, rejection, Excerpt.Of(line)));

    /// <summary>
    /// Puts quotes around bare NaN, Infinity and -Infinity, which many programs write and JSON does not have: so the
    /// field at fault can be named, and its line counted against the seq it carries.
    /// </summary>
    private bool TryQuoteNotFinite(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> quoted)
    {
        quoted = default;
        if (line.IndexOf("NaN"u8) < 0 && line.IndexOf("Infinity"u8) < 0) return false;
        if (repaired.Length < line.Length * 2) repaired = new byte[line.Length * 2];
        var length = 0;
        var inText = false;
        for (var i = 0; i < line.Length; i++)
        {
            var token = inText ? default : NotFiniteAt(line[i..]);
            if (token.IsEmpty)
            {
                if (line[i] == '"') inText = !inText;
                repaired[length++] = line[i];
                if (inText && line[i] == '\\' && i + 1 < line.Length) repaired[length++] = line[++i];
                continue;
            }

            repaired[length++] = (byte)'"';
            token.CopyTo(repaired.AsSpan(length));
            length += token.Length;
            repaired[length++] = (byte)'"';
            i += token.Length - 1;
        }

        quoted = repaired.AsSpan(0, length);
        return true;
    }

    private static ReadOnlySpan<byte> NotFiniteAt(ReadOnlySpan<byte> text) => text switch
    {
        [(byte)'N', ..] when text.StartsWith("NaN"u8) => text[..3],
        [(byte)'I', ..] when text.StartsWith("Infinity"u8) => text[..8],
        [(byte)'-', (byte)'I', ..] when text.StartsWith("-Infinity"u8) => text[..9],
        _ => default,
    };
}
