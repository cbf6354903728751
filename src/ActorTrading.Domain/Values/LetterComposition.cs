using System.Text;

namespace ActorTrading.Domain.Values;

/// <summary>
/// Composes letters: an accent, a Japanese voicing mark or a part of a Hangul syllable that stands behind its letter becomes one
/// character with it, as Unicode's form NFC has it. For Latin, Greek and Cyrillic letters, kana, Hangul and the letters that have a twin
/// (<c>\u212B</c>, the angstrom sign). The tables are Unicode's and fixed by its stability policy: a name is the same on every machine.
/// </summary>
internal static class LetterComposition
{
    private const int HangulFirst = 0xac00, HangulLast = 0xd7a3;
    private const int Lead = 0x1100, Leads = 19, Vowel = 0x1161, Vowels = 21, Trail = 0x11a7, Trails = 28;

    /// <summary>
    /// Marks with their combining class, and the letters that they compose: letter, composed letter, letter, composed
    /// letter.
    /// </summary>
    private static readonly (char Mark, int Class, string Letters)[] Table =
    [
        ('\u0300', 230,
            "AÀEÈIÌOÒUÙaàeèiìoòuùÜǛüǜNǸnǹЕЀИЍеѐиѝĒḔēḕŌṐōṑWẀwẁÂẦâầĂẰăằÊỀêềÔỒôồƠỜơờƯỪưừYỲyỳἀἂἁἃἈἊἉἋἐἒἑἓἘἚ"
            + "ἙἛἠἢἡἣἨἪἩἫἰἲἱἳἸἺἹἻὀὂὁὃὈὊὉὋὐὒὑὓὙὛὠὢὡὣὨὪὩὫαὰεὲηὴιὶοὸυὺωὼΑᾺΕῈΗῊ᾿῍ϊῒΙῚ῾῝ϋῢΥῪ¨῭ΟῸΩῺ"),
        ('\u0301', 230,
            "AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźÜǗüǘGǴgǵÅǺåǻÆǼæǽØǾøǿ¨΅ΑΆΕΈΗΉΙΊΟΌΥΎΩΏϊΐαάεέ"
            + "ηήιίϋΰοόυύωώϒϓГЃКЌгѓкќÇḈçḉĒḖēḗÏḮïḯKḰkḱMḾmḿÕṌõṍŌṒōṓPṔpṕŨṸũṹWẂwẃÂẤâấĂẮăắÊẾêếÔỐôốƠỚơớƯỨưứἀἄἁἅ"
            + "ἈἌἉἍἐἔἑἕἘἜἙἝἠἤἡἥἨἬἩἭἰἴἱἵἸἼἹἽὀὄὁὅὈὌὉὍὐὔὑὕὙὝὠὤὡὥὨὬὩὭ᾿῎῾῞"),
        ('\u0302', 230, "AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷZẐzẑẠẬạậẸỆẹệỌỘọộ"),
        ('\u0303', 230, "AÃNÑOÕaãnñoõIĨiĩUŨuũVṼvṽÂẪâẫĂẴăẵEẼeẽÊỄêễÔỖôỗƠỠơỡƯỮưữYỸyỹ"),
        ('\u0304', 230, "AĀaāEĒeēIĪiīOŌoōUŪuūÜǕüǖÄǞäǟȦǠȧǡÆǢæǣǪǬǫǭÖȪöȫÕȬõȭȮȰȯȱYȲyȳИӢиӣУӮуӯGḠgḡḶḸḷḹṚṜṛṝαᾱΑᾹιῑΙῙυῡΥῩ"),
        ('\u0306', 230, "AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭУЎИЙийуўЖӁжӂАӐаӑЕӖеӗȨḜȩḝẠẶạặαᾰΑᾸιῐΙῘυῠΥῨ"),
        ('\u0307', 230,
            "CĊcċEĖeėGĠgġIİZŻzżAȦaȧOȮoȯBḂbḃDḊdḋFḞfḟHḢhḣMṀmṁNṄnṅPṖpṗRṘrṙSṠsṡŚṤśṥŠṦšṧṢṨṣṩTṪtṫWẆwẇXẊxẋYẎyẏ"
            + "ſẛ"),
        ('\u0308', 230,
            "AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸΙΪΥΫιϊυϋϒϔЕЁІЇеёіїАӒаӓӘӚәӛЖӜжӝЗӞзӟИӤиӥОӦоӧӨӪөӫЭӬэӭУӰуӱЧӴчӵЫӸыӹHḦhḧ"
            + "ÕṎõṏŪṺūṻWẄwẅXẌxẍtẗ"),
        ('\u0309', 230, "AẢaảÂẨâẩĂẲăẳEẺeẻÊỂêểIỈiỉOỎoỏÔỔôổƠỞơởUỦuủƯỬưửYỶyỷ"),
        ('\u030a', 230, "AÅaåUŮuůwẘyẙ"),
        ('\u030b', 230, "OŐoőUŰuűУӲуӳ"),
        ('\u030c', 230, "CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzžAǍaǎIǏiǐOǑoǒUǓuǔÜǙüǚGǦgǧKǨkǩƷǮʒǯjǰHȞhȟ"),
        ('\u030f', 230, "AȀaȁEȄeȅIȈiȉOȌoȍRȐrȑUȔuȕѴѶѵѷ"),
        ('\u0311', 230, "AȂaȃEȆeȇIȊiȋOȎoȏRȒrȓUȖuȗ"),
        ('\u0313', 230, "αἀΑἈεἐΕἘηἠΗἨιἰΙἸοὀΟὈυὐωὠΩὨρῤ"),
        ('\u0314', 230, "αἁΑἉεἑΕἙηἡΗἩιἱΙἹοὁΟὉυὑΥὙωὡΩὩρῥΡῬ"),
        ('\u031b', 216, "OƠoơUƯuư"),
        ('\u0323', 220, "BḄbḅDḌdḍHḤhḥKḲkḳLḶlḷMṂmṃNṆnṇRṚrṛSṢsṣTṬtṭVṾvṿWẈwẉZẒzẓAẠaạEẸeẹIỊiịOỌoọƠỢơợUỤuụƯỰưựYỴyỵ"),
        ('\u0324', 220, "UṲuṳ"),
        ('\u0325', 220, "AḀaḁ"),
        ('\u0326', 220, "SȘsșTȚtț"),
        ('\u0327', 202, "CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţEȨeȩDḐdḑHḨhḩ"),
        ('\u0328', 202, "AĄaąEĘeęIĮiįUŲuųOǪoǫ"),
        ('\u032d', 220, "DḒdḓEḘeḙLḼlḽNṊnṋTṰtṱUṶuṷ"),
        ('\u032e', 220, "HḪhḫ"),
        ('\u0330', 220, "EḚeḛIḬiḭUṴuṵ"),
        ('\u0331', 220, "BḆbḇDḎdḏKḴkḵLḺlḻNṈnṉRṞrṟTṮtṯZẔzẕhẖ"),
        ('\u0338', 1, "←↚→↛↔↮⇐⇍⇔⇎⇒⇏∃∄∈∉∋∌∣∤∥∦∼≁≃≄≅≇≈≉=≠≡≢≍≭<≮>≯≤≰≥≱≲≴≳≵≶≸≷≹≺⊀≻⊁⊂⊄⊃⊅⊆⊈⊇⊉⊢⊬⊨⊭⊩⊮⊫⊯≼⋠≽⋡⊑⋢⊒⋣⊲⋪⊳⋫⊴⋬⊵⋭"),
        ('\u0342', 230, "ἀἆἁἇἈἎἉἏἠἦἡἧἨἮἩἯἰἶἱἷἸἾἹἿὐὖὑὗὙὟὠὦὡὧὨὮὩὯαᾶ¨῁ηῆ᾿῏ιῖϊῗ῾῟υῦϋῧωῶ"),
        ('\u0345', 240,
            "ἀᾀἁᾁἂᾂἃᾃἄᾄἅᾅἆᾆἇᾇἈᾈἉᾉἊᾊἋᾋἌᾌἍᾍἎᾎἏᾏἠᾐἡᾑἢᾒἣᾓἤᾔἥᾕἦᾖἧᾗἨᾘἩᾙἪᾚἫᾛἬᾜἭᾝἮᾞἯᾟὠᾠὡᾡὢᾢὣᾣὤᾤὥᾥὦᾦὧᾧὨᾨὩᾩὪᾪὫᾫὬᾬ"
            + "ὭᾭὮᾮὯᾯὰᾲαᾳάᾴᾶᾷΑᾼὴῂηῃήῄῆῇΗῌὼῲωῳώῴῶῷΩῼ"),
        ('\u3099', 8,
            "かがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべほぼうゔゝゞカガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボウヴワヷヰヸ"
            + "ヱヹヲヺヽヾ"),
        ('\u309a', 8, "はぱひぴふぷへぺほぽハパヒピフプヘペホポ"),
    ];

    /// <summary>Characters that mean the same as another one: twin, character.</summary>
    private const string Twins =
        "\u0374\u02b9\u037e\u003b\u0387\u00b7\u1f71\u03ac\u1f73\u03ad\u1f75\u03ae\u1f77\u03af\u1f79\u03cc\u1f7b\u03cd"
        + "\u1f7d\u03ce\u1fbb\u0386\u1fbe\u03b9\u1fc9\u0388\u1fcb\u0389\u1fd3\u0390\u1fdb\u038a\u1fe3\u03b0\u1feb\u038e"
        + "\u1fee\u0385\u1fef\u0060\u1ff9\u038c\u1ffb\u038f\u1ffd\u00b4\u2126\u03a9\u212a\u004b\u212b\u00c5\u2329\u3008"
        + "\u232a\u3009";

    private static readonly Dictionary<(char Letter, char Mark), char> Composed = Table
        .SelectMany(row => row.Letters.Chunk(2).Select(pair => (Key: (pair[0], row.Mark), Value: pair[1])))
        .ToDictionary(entry => entry.Key, entry => entry.Value);

    private static readonly Dictionary<char, (char Letter, char Mark)> Parts =
        Composed.ToDictionary(entry => entry.Value, entry => entry.Key);

    private static readonly Dictionary<char, int> Classes = Table.ToDictionary(row => row.Mark, row => row.Class);

    private static readonly Dictionary<char, char> TwinOf =
        Enumerable.Range(0, Twins.Length / 2).ToDictionary(i => Twins[i * 2], i => Twins[(i * 2) + 1]);

    /// <summary>Whether composing could change the text.</summary>
    public static bool IsNeeded(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c >= 0x300 && (IsPart(c) || TwinOf.ContainsKey(c))) return true;
        }

        return false;
    }

    /// <summary>Whether the character is a mark or a part of a syllable, which in a composed text stands alone nowhere.</summary>
    public static bool IsPart(int c) => c is (>= 0x300 and <= 0x36f) or 0x3099 or 0x309a or (>= 0x1100 and <= 0x11ff);

    /// <summary>The text with its letters composed; marks that no letter takes stay.</summary>
    public static string Compose(ReadOnlySpan<char> text)
    {
        var letters = new StringBuilder(text.Length * 2);
        foreach (var c in text) Decompose(c, letters);
        OrderMarks(letters);
        var composed = new StringBuilder(letters.Length);
        var starter = -1;
        for (var i = 0; i < letters.Length; i++)
        {
            if (starter >= 0 && TryCompose(composed[starter], letters[i], out var one))
            {
                composed[starter] = one;
                continue;
            }

            if (!Classes.ContainsKey(letters[i])) starter = composed.Length;
            composed.Append(letters[i]);
        }

        return composed.ToString();
    }

    private static void Decompose(char c, StringBuilder letters)
    {
        if (TwinOf.TryGetValue(c, out var other)) c = other;
        if (!Parts.TryGetValue(c, out var parts))
        {
            letters.Append(c);
            return;
        }

        Decompose(parts.Letter, letters);
        letters.Append(parts.Mark);
    }

    /// <summary>Puts marks behind one letter into the order of their classes; those of one class stay as they are.</summary>
    private static void OrderMarks(StringBuilder letters)
    {
        for (var i = 1; i < letters.Length; i++)
        {
            for (var at = i; at > 0 && IsBefore(letters[at], letters[at - 1]); at--)
                (letters[at], letters[at - 1]) = (letters[at - 1], letters[at]);
        }
    }

    private static bool IsBefore(char mark, char other) =>
        Classes.TryGetValue(mark, out var own) && Classes.TryGetValue(other, out var left) && own < left;

    private static bool TryCompose(char letter, char mark, out char composed)
    {
        if (Composed.TryGetValue((letter, mark), out composed)) return true;
        if (letter is >= (char)Lead and < (char)(Lead + Leads) && mark is >= (char)Vowel and < (char)(Vowel + Vowels))
        {
            composed = (char)(HangulFirst + ((((letter - Lead) * Vowels) + (mark - Vowel)) * Trails));
            return true;
        }

        var isOpen = letter is >= (char)HangulFirst and <= (char)HangulLast && (letter - HangulFirst) % Trails == 0;
        if (!isOpen || mark is <= (char)Trail or >= (char)(Trail + Trails)) return false;
        composed = (char)(letter + (mark - Trail));
        return true;
    }
}
