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
    private ulong present;

    /// <summary>Whether there is such a field, with a value.</summary>
    public readonly bool Has(Field field) => (present & (1UL << (int)field)) != 0;

    /// <summary>Whether there is any of these, see <see cref="Mask"/>.</summary>
    public readonly bool HasAny(ulong mask) => (present & mask) != 0;

    /// <summary>Whether there are all of these.</summary>
    public readonly bool HasAll(ulong mask) => (present & mask) == mask;

    /// <summary>A set of fields as bits.</summary>
    public static ulong Mask(params ReadOnlySpan<Field> fields)
    {
        var mask = 0UL;
        foreach (var field in fields) mask |= 1UL << (int)field;
        return mask;
    }

    /// <summary>A set that only says which fields there are.</summary>
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

    /// <summary>Forgets a field.</summary>
    public void Clear(Field field) => present &= ~(1UL << (int)field);

    /// <summary>Forgets all fields.</summary>
    public void Clear() => present = 0;

    /// <summary>Sets a field to what another set has; both are ranges of the same text.</summary>
    public void Copy(Field field, in FieldSet other)
    {
        ranges[(int)field] = other.ranges[(int)field];
        present |= 1UL << (int)field;
    }

    /// <summary>Sets a field to what another field has.</summary>
    public void Copy(Field field, Field from)
    {
        ranges[(int)field] = ranges[(int)from];
        present |= 1UL << (int)field;
    }

    /// <summary>The same for a field that this set lacks and the other has.</summary>
    public void CopyMissing(in FieldSet other, Field field)
    {
        if (!Has(field) && other.Has(field)) Copy(field, other);
    }

    /// <summary>Moves all ranges on by so many bytes.</summary>
    public void Move(int bytes)
    {
        for (var field = 0; field <= (int)Field.Value; field++)
        {
            if (Has((Field)field)) ranges[field] = ranges[field] with { Start = ranges[field].Start + bytes };
        }
    }

    /// <summary>Keeps only these fields.</summary>
    public void KeepOnly(ulong mask) => present &= mask;

    /// <summary>How a field that is there was written.</summary>
    public readonly FieldForm FormOf(Field field) => ranges[(int)field].Form;

    /// <summary>The bytes of a field that is there.</summary>
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
