using System.Runtime.CompilerServices;

namespace ActorTrading.Wire.Text;

/// <summary>The written form of a field's value.</summary>
internal enum FieldForm : byte
{
    /// <summary>A number without quotes.</summary>
    Number,

    /// <summary>Text without escapes; the bytes are in the line.</summary>
    Text,

    /// <summary>Text with escapes; the unescaped bytes are in the scratch buffer.</summary>
    Unescaped,

    /// <summary>Any other value: true, an object, an array.</summary>
    Other,
}

/// <summary>
/// The fields of a piece of text, as ranges of its bytes; common to JSON objects and CSV rows. A value that is null or empty counts as
/// missing. If a field has several values, the last one is used.
/// </summary>
internal struct FieldSet
{
    private Ranges ranges;
    private ulong present;

    /// <summary>Whether the field has a value.</summary>
    public readonly bool Has(Field field) => (present & (1UL << (int)field)) != 0;

    /// <summary>Whether any of these fields has a value, see <see cref="Mask"/>.</summary>
    public readonly bool HasAny(ulong mask) => (present & mask) != 0;

    /// <summary>Whether all of these fields have values.</summary>
    public readonly bool HasAll(ulong mask) => (present & mask) == mask;

    /// <summary>A set of fields as bits.</summary>
    public static ulong Mask(params ReadOnlySpan<Field> fields)
    {
        var mask = 0UL;
        foreach (var field in fields) mask |= 1UL << (int)field;
        return mask;
    }

    /// <summary>Creates a set that only contains which fields are present.</summary>
    public static FieldSet Of(ulong fields) => new() { present = fields };

    /// <summary>Sets a field to a range of bytes.</summary>
    public void Set(Field field, int start, int length, FieldForm form)
    {
        if (length == 0)
        {
            Clear(field);
            return;
        }

        ranges[(int)field] = new Range(start, length, form);
        present |= 1UL << (int)field;
    }

    /// <summary>Removes a field.</summary>
    public void Clear(Field field) => present &= ~(1UL << (int)field);

    /// <summary>Removes all fields.</summary>
    public void Clear() => present = 0;

    /// <summary>Copies a field from another set; both refer to the same text.</summary>
    public void Copy(Field field, in FieldSet other)
    {
        ranges[(int)field] = other.ranges[(int)field];
        present |= 1UL << (int)field;
    }

    /// <summary>Copies a field from another field.</summary>
    public void Copy(Field field, Field from)
    {
        ranges[(int)field] = ranges[(int)from];
        present |= 1UL << (int)field;
    }

    /// <summary>Copies a field from another set if this set does not have it.</summary>
    public void CopyMissing(in FieldSet other, Field field)
    {
        if (!Has(field) && other.Has(field)) Copy(field, other);
    }

    /// <summary>Shifts all ranges by a number of bytes.</summary>
    public void Move(int bytes)
    {
        for (var field = 0; field <= (int)Field.Value; field++)
        {
            if (Has((Field)field)) ranges[field] = ranges[field] with { Start = ranges[field].Start + bytes };
        }
    }

    /// <summary>Keeps only these fields.</summary>
    public void KeepOnly(ulong mask) => present &= mask;

    /// <summary>The written form of a present field.</summary>
    public readonly FieldForm FormOf(Field field) => ranges[(int)field].Form;

    /// <summary>The bytes of a present field.</summary>
    public readonly ReadOnlySpan<byte> TextOf(Field field, ReadOnlySpan<byte> line, ReadOnlySpan<byte> scratch)
    {
        var range = ranges[(int)field];
        return (range.Form == FieldForm.Unescaped ? scratch : line).Slice(range.Start, range.Length);
    }

    private readonly record struct Range(int Start, int Length, FieldForm Form);

    [InlineArray(48)]
    private struct Ranges
    {
        private Range first;
    }
}
