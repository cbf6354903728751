using System.Runtime.CompilerServices;

namespace ActorTrading.Wire.Text;

/// <summary>How the value of a field was written.</summary>
internal enum FieldForm : byte
{
    /// <summary>As a bare number.</summary>
    Number,

    /// <summary>As text; its bytes stand in the line as they are.</summary>
    Text,

    /// <summary>As text with escapes; its bytes stand, unescaped, in the scratch space.</summary>
    Unescaped,

    /// <summary>As something that no field can be: true, an object, an array.</summary>
    Other,
}

/// <summary>
/// The fields that a piece of text has, as ranges of its bytes: the common ground of JSON objects and CSV rows.
/// A value that is null or empty counts as missing; of several values of one field the last one counts.
/// </summary>
internal struct FieldSet
{
    private Ranges ranges;
    private uint present;

    /// <summary>Whether there is such a field, with a value.</summary>
    public readonly bool Has(Field field) => (present & (1u << (int)field)) != 0;

    /// <summary>Whether there is any of these, see <see cref="Mask"/>.</summary>
    public readonly bool HasAny(uint mask) => (present & mask) != 0;

    /// <summary>A set of fields as bits.</summary>
    public static uint Mask(params ReadOnlySpan<Field> fields)
    {
        var mask = 0u;
        foreach (var field in fields) mask |= 1u << (int)field;
        return mask;
    }

    /// <summary>Sets a field to a range of bytes.</summary>
    public void Set(Field field, int start, int length, FieldForm form)
    {
        if (length == 0)
        {
            Clear(field);
            return;
        }

        ranges[(int)field] = new Range(start, length, form);
        present |= 1u << (int)field;
    }

    /// <summary>Forgets a field.</summary>
    public void Clear(Field field) => present &= ~(1u << (int)field);

    /// <summary>Forgets all fields.</summary>
    public void Clear() => present = 0;

    /// <summary>Keeps only these fields.</summary>
    public void KeepOnly(uint mask) => present &= mask;

    /// <summary>How a field that is there was written.</summary>
    public readonly FieldForm FormOf(Field field) => ranges[(int)field].Form;

    /// <summary>The bytes of a field that is there.</summary>
    public readonly ReadOnlySpan<byte> TextOf(Field field, ReadOnlySpan<byte> line, ReadOnlySpan<byte> scratch)
    {
        var range = ranges[(int)field];
        return (range.Form == FieldForm.Unescaped ? scratch : line).Slice(range.Start, range.Length);
    }

    private readonly record struct Range(int Start, int Length, FieldForm Form);

    [InlineArray(32)]
    private struct Ranges
    {
        private Range first;
    }
}
