using System.Runtime.InteropServices;
using System.Text;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Values;

/// <summary>
/// The composition of names against the normaliser of ICU, if the machine has it. .NET's own normaliser is off: the product runs without
/// globalisation data.
/// </summary>
public class LetterCompositionTests
{
    private static readonly int[] Marks =
    [
        .. Enumerable.Range(0x300, 0x70), 0x0591, 0x05b0, 0x05bc, 0x064b, 0x0653, 0x0655, 0x093c, 0x09be, 0x0bd7, 0x0dcf, 0x0e38, 0x0e48,
        0x102e, 0x1161, 0x11a8, 0x1b35, 0x3099, 0x309a, 0x110ba,
    ];

    [IcuFact]
    public void EveryCharacter_AloneTakenApartAndWithAMark_IsAsIcuHasIt()
    {
        var checkedNames = 0;
        foreach (var c in Characters())
        {
            var alone = char.ConvertFromUtf32(c);
            var apart = Icu.Normalize(alone, isComposed: false);
            string[] names =
                [alone, apart, alone + "\u0301", alone + "\u0323\u0302", apart + "\u093c", "e" + alone + "\u0301", alone + alone];
            foreach (var text in names)
            {
                Assert.True(Icu.Normalize(text, isComposed: true) == Symbol.Respell(text), $"U+{c:X} in {Escape(text)}");
                checkedNames++;
            }
        }

        Assert.True(checkedNames > 1_000_000, $"{checkedNames} names");
    }

    [IcuFact]
    public void AnyMarksInAnyOrder_AreAsIcuHasThem()
    {
        var random = new Random(7);
        var characters = Characters().ToArray();
        for (var round = 0; round < 200_000; round++)
        {
            var text = new StringBuilder();
            var length = random.Next(1, 8);
            for (var i = 0; i < length; i++)
            {
                var isMark = i > 0 && random.Next(3) > 0;
                var isLatin = random.Next(2) == 0;
                var c = isMark ? Marks[random.Next(Marks.Length)]
                    : isLatin ? random.Next('A', 'z')
                    : characters[random.Next(characters.Length)];
                text.Append(new Rune(c).ToString());
            }

            Assert.True(Icu.Normalize(text.ToString(), isComposed: true) == Symbol.Respell(text.ToString()), Escape(text.ToString()));
        }
    }

    [Theory]
    [InlineData("\u0958", "\u0915\u093c")] // Devanagari qa is never composed
    [InlineData("\u0627\u0653", "\u0622")] // Arabic alef with madda
    [InlineData("\u09c7\u09be", "\u09cb")] // a Bengali vowel of two parts
    [InlineData("\u0bc6\u0bd7", "\u0bcc")]
    [InlineData("\ud804\udc99\ud804\udcba", "\ud804\udc9a")] // Kaithi
    [InlineData("\u05d1\u05bc\u05b0", "\u05d1\u05b0\u05bc")] // Hebrew points, in the order of their classes
    [InlineData("\u0e01\u0e48\u0e38", "\u0e01\u0e38\u0e48")] // Thai
    [InlineData("\ufb2a", "\u05e9\u05c1")]
    public void NamesOfOtherScripts_HaveOneSpelling(string spelled, string name)
    {
        Assert.Equal(name, Symbol.Parse(spelled).Name);
        Assert.Equal(Symbol.Parse(name), Symbol.Parse(spelled));
    }

    /// <summary>Characters that ICU normalises, except compatibility ideographs, which are not allowed in names.</summary>
    private static IEnumerable<int> Characters() =>
        Enumerable.Range(0x20, 0x10ffff - 0x20).Where(c => c is not ((>= 0xd800 and <= 0xdfff) or (>= 0xf900 and <= 0xfaff)
            or (>= 0x2f800 and <= 0x2fa1f)) && Icu.IsAssigned(c));

    private static string Escape(string text) => string.Concat(text.EnumerateRunes().Select(rune => $"\\u{rune.Value:x4}"));

    private sealed class IcuFactAttribute : FactAttribute
    {
        public IcuFactAttribute()
        {
            if (!Icu.IsThere) Skip = "ICU is not installed";
        }
    }

    /// <summary>The functions of libicuuc, whose names end with the version of ICU.</summary>
    private static class Icu
    {
        private static readonly (nint Library, int Version) Found = Find();
        private static readonly Normalizer? Run = Found.Library == 0 ? null : Get<Normalizer>("unorm2_normalize");
        private static readonly CharacterType? TypeOf = Found.Library == 0 ? null : Get<CharacterType>("u_charType");
        private static readonly nint Composing = Instance("unorm2_getNFCInstance");
        private static readonly nint Decomposing = Instance("unorm2_getNFDInstance");

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate nint Getter(ref int error);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl, CharSet = CharSet.Unicode)]
        private delegate int Normalizer(nint form, [In] char[] text, int length, [Out] char[] result, int room, ref int error);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate sbyte CharacterType(int character);

        public static bool IsThere => Found.Library != 0;

        public static bool IsAssigned(int c) => TypeOf!(c) != 0;

        public static string Normalize(string text, bool isComposed)
        {
            var result = new char[(text.Length * 18) + 1];
            var error = 0;
            var length = Run!(isComposed ? Composing : Decomposing, text.ToCharArray(), text.Length, result, result.Length, ref error);
            Assert.True(error <= 0, $"ICU's error {error}");
            return new string(result, 0, length);
        }

        private static nint Instance(string name)
        {
            if (Found.Library == 0) return 0;
            var error = 0;
            return Get<Getter>(name)(ref error);
        }

        private static T Get<T>(string name)
            where T : Delegate =>
            Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(Found.Library, $"{name}_{Found.Version}"));

        private static (nint Library, int Version) Find()
        {
            for (var version = 90; version >= 60; version--)
            {
                if (NativeLibrary.TryLoad($"libicuuc.so.{version}", out var library)) return (library, version);
            }

            return default;
        }
    }
}
