namespace ActorTrading.Domain.Values;

/// <summary>
/// The canonical compositions and combining classes of Unicode 15.0, generated from UnicodeData.txt and CompositionExclusions.txt of the
/// Unicode Character Database (copyright 1991-2022 Unicode, Inc., Unicode License, https://www.unicode.org/license.txt). These properties
/// of a character never change; later versions add characters. Hangul syllables are computed; compatibility ideographs are left out.
/// Long because it is generated data.
/// </summary>
internal static class LetterTables
{
    /// <summary>Combining marks, each with its compositions: letter, composed letter, letter, composed letter, and so on.</summary>
    public static readonly (int Mark, string Letters)[] Pairs =
    [
        (0x0300,
            "\u0041\u00c0\u0045\u00c8\u0049\u00cc\u004f\u00d2\u0055\u00d9\u0061\u00e0\u0065\u00e8\u0069\u00ec\u006f\u00f2"
            + "\u0075\u00f9\u00dc\u01db\u00fc\u01dc\u004e\u01f8\u006e\u01f9\u0415\u0400\u0418\u040d\u0435\u0450\u0438\u045d"
            + "\u0112\u1e14\u0113\u1e15\u014c\u1e50\u014d\u1e51\u0057\u1e80\u0077\u1e81\u00c2\u1ea6\u00e2\u1ea7\u0102\u1eb0"
            + "\u0103\u1eb1\u00ca\u1ec0\u00ea\u1ec1\u00d4\u1ed2\u00f4\u1ed3\u01a0\u1edc\u01a1\u1edd\u01af\u1eea\u01b0\u1eeb"
            + "\u0059\u1ef2\u0079\u1ef3\u1f00\u1f02\u1f01\u1f03\u1f08\u1f0a\u1f09\u1f0b\u1f10\u1f12\u1f11\u1f13\u1f18\u1f1a"
            + "\u1f19\u1f1b\u1f20\u1f22\u1f21\u1f23\u1f28\u1f2a\u1f29\u1f2b\u1f30\u1f32\u1f31\u1f33\u1f38\u1f3a\u1f39\u1f3b"
            + "\u1f40\u1f42\u1f41\u1f43\u1f48\u1f4a\u1f49\u1f4b\u1f50\u1f52\u1f51\u1f53\u1f59\u1f5b\u1f60\u1f62\u1f61\u1f63"
            + "\u1f68\u1f6a\u1f69\u1f6b\u03b1\u1f70\u03b5\u1f72\u03b7\u1f74\u03b9\u1f76\u03bf\u1f78\u03c5\u1f7a\u03c9\u1f7c"
            + "\u0391\u1fba\u0395\u1fc8\u0397\u1fca\u1fbf\u1fcd\u03ca\u1fd2\u0399\u1fda\u1ffe\u1fdd\u03cb\u1fe2\u03a5\u1fea"
            + "\u00a8\u1fed\u039f\u1ff8\u03a9\u1ffa"),
        (0x0301,
            "\u0041\u00c1\u0045\u00c9\u0049\u00cd\u004f\u00d3\u0055\u00da\u0059\u00dd\u0061\u00e1\u0065\u00e9\u0069\u00ed"
            + "\u006f\u00f3\u0075\u00fa\u0079\u00fd\u0043\u0106\u0063\u0107\u004c\u0139\u006c\u013a\u004e\u0143\u006e\u0144"
            + "\u0052\u0154\u0072\u0155\u0053\u015a\u0073\u015b\u005a\u0179\u007a\u017a\u00dc\u01d7\u00fc\u01d8\u0047\u01f4"
            + "\u0067\u01f5\u00c5\u01fa\u00e5\u01fb\u00c6\u01fc\u00e6\u01fd\u00d8\u01fe\u00f8\u01ff\u00a8\u0385\u0391\u0386"
            + "\u0395\u0388\u0397\u0389\u0399\u038a\u039f\u038c\u03a5\u038e\u03a9\u038f\u03ca\u0390\u03b1\u03ac\u03b5\u03ad"
            + "\u03b7\u03ae\u03b9\u03af\u03cb\u03b0\u03bf\u03cc\u03c5\u03cd\u03c9\u03ce\u03d2\u03d3\u0413\u0403\u041a\u040c"
            + "\u0433\u0453\u043a\u045c\u00c7\u1e08\u00e7\u1e09\u0112\u1e16\u0113\u1e17\u00cf\u1e2e\u00ef\u1e2f\u004b\u1e30"
            + "\u006b\u1e31\u004d\u1e3e\u006d\u1e3f\u00d5\u1e4c\u00f5\u1e4d\u014c\u1e52\u014d\u1e53\u0050\u1e54\u0070\u1e55"
            + "\u0168\u1e78\u0169\u1e79\u0057\u1e82\u0077\u1e83\u00c2\u1ea4\u00e2\u1ea5\u0102\u1eae\u0103\u1eaf\u00ca\u1ebe"
            + "\u00ea\u1ebf\u00d4\u1ed0\u00f4\u1ed1\u01a0\u1eda\u01a1\u1edb\u01af\u1ee8\u01b0\u1ee9\u1f00\u1f04\u1f01\u1f05"
            + "\u1f08\u1f0c\u1f09\u1f0d\u1f10\u1f14\u1f11\u1f15\u1f18\u1f1c\u1f19\u1f1d\u1f20\u1f24\u1f21\u1f25\u1f28\u1f2c"
            + "\u1f29\u1f2d\u1f30\u1f34\u1f31\u1f35\u1f38\u1f3c\u1f39\u1f3d\u1f40\u1f44\u1f41\u1f45\u1f48\u1f4c\u1f49\u1f4d"
            + "\u1f50\u1f54\u1f51\u1f55\u1f59\u1f5d\u1f60\u1f64\u1f61\u1f65\u1f68\u1f6c\u1f69\u1f6d\u1fbf\u1fce\u1ffe\u1fde"),
        (0x0302,
            "\u0041\u00c2\u0045\u00ca\u0049\u00ce\u004f\u00d4\u0055\u00db\u0061\u00e2\u0065\u00ea\u0069\u00ee\u006f\u00f4"
            + "\u0075\u00fb\u0043\u0108\u0063\u0109\u0047\u011c\u0067\u011d\u0048\u0124\u0068\u0125\u004a\u0134\u006a\u0135"
            + "\u0053\u015c\u0073\u015d\u0057\u0174\u0077\u0175\u0059\u0176\u0079\u0177\u005a\u1e90\u007a\u1e91\u1ea0\u1eac"
            + "\u1ea1\u1ead\u1eb8\u1ec6\u1eb9\u1ec7\u1ecc\u1ed8\u1ecd\u1ed9"),
        (0x0303,
            "\u0041\u00c3\u004e\u00d1\u004f\u00d5\u0061\u00e3\u006e\u00f1\u006f\u00f5\u0049\u0128\u0069\u0129\u0055\u0168"
            + "\u0075\u0169\u0056\u1e7c\u0076\u1e7d\u00c2\u1eaa\u00e2\u1eab\u0102\u1eb4\u0103\u1eb5\u0045\u1ebc\u0065\u1ebd"
            + "\u00ca\u1ec4\u00ea\u1ec5\u00d4\u1ed6\u00f4\u1ed7\u01a0\u1ee0\u01a1\u1ee1\u01af\u1eee\u01b0\u1eef\u0059\u1ef8"
            + "\u0079\u1ef9"),
        (0x0304,
            "\u0041\u0100\u0061\u0101\u0045\u0112\u0065\u0113\u0049\u012a\u0069\u012b\u004f\u014c\u006f\u014d\u0055\u016a"
            + "\u0075\u016b\u00dc\u01d5\u00fc\u01d6\u00c4\u01de\u00e4\u01df\u0226\u01e0\u0227\u01e1\u00c6\u01e2\u00e6\u01e3"
            + "\u01ea\u01ec\u01eb\u01ed\u00d6\u022a\u00f6\u022b\u00d5\u022c\u00f5\u022d\u022e\u0230\u022f\u0231\u0059\u0232"
            + "\u0079\u0233\u0418\u04e2\u0438\u04e3\u0423\u04ee\u0443\u04ef\u0047\u1e20\u0067\u1e21\u1e36\u1e38\u1e37\u1e39"
            + "\u1e5a\u1e5c\u1e5b\u1e5d\u03b1\u1fb1\u0391\u1fb9\u03b9\u1fd1\u0399\u1fd9\u03c5\u1fe1\u03a5\u1fe9"),
        (0x0306,
            "\u0041\u0102\u0061\u0103\u0045\u0114\u0065\u0115\u0047\u011e\u0067\u011f\u0049\u012c\u0069\u012d\u004f\u014e"
            + "\u006f\u014f\u0055\u016c\u0075\u016d\u0423\u040e\u0418\u0419\u0438\u0439\u0443\u045e\u0416\u04c1\u0436\u04c2"
            + "\u0410\u04d0\u0430\u04d1\u0415\u04d6\u0435\u04d7\u0228\u1e1c\u0229\u1e1d\u1ea0\u1eb6\u1ea1\u1eb7\u03b1\u1fb0"
            + "\u0391\u1fb8\u03b9\u1fd0\u0399\u1fd8\u03c5\u1fe0\u03a5\u1fe8"),
        (0x0307,
            "\u0043\u010a\u0063\u010b\u0045\u0116\u0065\u0117\u0047\u0120\u0067\u0121\u0049\u0130\u005a\u017b\u007a\u017c"
            + "\u0041\u0226\u0061\u0227\u004f\u022e\u006f\u022f\u0042\u1e02\u0062\u1e03\u0044\u1e0a\u0064\u1e0b\u0046\u1e1e"
            + "\u0066\u1e1f\u0048\u1e22\u0068\u1e23\u004d\u1e40\u006d\u1e41\u004e\u1e44\u006e\u1e45\u0050\u1e56\u0070\u1e57"
            + "\u0052\u1e58\u0072\u1e59\u0053\u1e60\u0073\u1e61\u015a\u1e64\u015b\u1e65\u0160\u1e66\u0161\u1e67\u1e62\u1e68"
            + "\u1e63\u1e69\u0054\u1e6a\u0074\u1e6b\u0057\u1e86\u0077\u1e87\u0058\u1e8a\u0078\u1e8b\u0059\u1e8e\u0079\u1e8f"
            + "\u017f\u1e9b"),
        (0x0308,
            "\u0041\u00c4\u0045\u00cb\u0049\u00cf\u004f\u00d6\u0055\u00dc\u0061\u00e4\u0065\u00eb\u0069\u00ef\u006f\u00f6"
            + "\u0075\u00fc\u0079\u00ff\u0059\u0178\u0399\u03aa\u03a5\u03ab\u03b9\u03ca\u03c5\u03cb\u03d2\u03d4\u0415\u0401"
            + "\u0406\u0407\u0435\u0451\u0456\u0457\u0410\u04d2\u0430\u04d3\u04d8\u04da\u04d9\u04db\u0416\u04dc\u0436\u04dd"
            + "\u0417\u04de\u0437\u04df\u0418\u04e4\u0438\u04e5\u041e\u04e6\u043e\u04e7\u04e8\u04ea\u04e9\u04eb\u042d\u04ec"
            + "\u044d\u04ed\u0423\u04f0\u0443\u04f1\u0427\u04f4\u0447\u04f5\u042b\u04f8\u044b\u04f9\u0048\u1e26\u0068\u1e27"
            + "\u00d5\u1e4e\u00f5\u1e4f\u016a\u1e7a\u016b\u1e7b\u0057\u1e84\u0077\u1e85\u0058\u1e8c\u0078\u1e8d\u0074\u1e97"),
        (0x0309,
            "\u0041\u1ea2\u0061\u1ea3\u00c2\u1ea8\u00e2\u1ea9\u0102\u1eb2\u0103\u1eb3\u0045\u1eba\u0065\u1ebb\u00ca\u1ec2"
            + "\u00ea\u1ec3\u0049\u1ec8\u0069\u1ec9\u004f\u1ece\u006f\u1ecf\u00d4\u1ed4\u00f4\u1ed5\u01a0\u1ede\u01a1\u1edf"
            + "\u0055\u1ee6\u0075\u1ee7\u01af\u1eec\u01b0\u1eed\u0059\u1ef6\u0079\u1ef7"),
        (0x030a, "\u0041\u00c5\u0061\u00e5\u0055\u016e\u0075\u016f\u0077\u1e98\u0079\u1e99"),
        (0x030b, "\u004f\u0150\u006f\u0151\u0055\u0170\u0075\u0171\u0423\u04f2\u0443\u04f3"),
        (0x030c,
            "\u0043\u010c\u0063\u010d\u0044\u010e\u0064\u010f\u0045\u011a\u0065\u011b\u004c\u013d\u006c\u013e\u004e\u0147"
            + "\u006e\u0148\u0052\u0158\u0072\u0159\u0053\u0160\u0073\u0161\u0054\u0164\u0074\u0165\u005a\u017d\u007a\u017e"
            + "\u0041\u01cd\u0061\u01ce\u0049\u01cf\u0069\u01d0\u004f\u01d1\u006f\u01d2\u0055\u01d3\u0075\u01d4\u00dc\u01d9"
            + "\u00fc\u01da\u0047\u01e6\u0067\u01e7\u004b\u01e8\u006b\u01e9\u01b7\u01ee\u0292\u01ef\u006a\u01f0\u0048\u021e"
            + "\u0068\u021f"),
        (0x030f,
            "\u0041\u0200\u0061\u0201\u0045\u0204\u0065\u0205\u0049\u0208\u0069\u0209\u004f\u020c\u006f\u020d\u0052\u0210"
            + "\u0072\u0211\u0055\u0214\u0075\u0215\u0474\u0476\u0475\u0477"),
        (0x0311,
            "\u0041\u0202\u0061\u0203\u0045\u0206\u0065\u0207\u0049\u020a\u0069\u020b\u004f\u020e\u006f\u020f\u0052\u0212"
            + "\u0072\u0213\u0055\u0216\u0075\u0217"),
        (0x0313,
            "\u03b1\u1f00\u0391\u1f08\u03b5\u1f10\u0395\u1f18\u03b7\u1f20\u0397\u1f28\u03b9\u1f30\u0399\u1f38\u03bf\u1f40"
            + "\u039f\u1f48\u03c5\u1f50\u03c9\u1f60\u03a9\u1f68\u03c1\u1fe4"),
        (0x0314,
            "\u03b1\u1f01\u0391\u1f09\u03b5\u1f11\u0395\u1f19\u03b7\u1f21\u0397\u1f29\u03b9\u1f31\u0399\u1f39\u03bf\u1f41"
            + "\u039f\u1f49\u03c5\u1f51\u03a5\u1f59\u03c9\u1f61\u03a9\u1f69\u03c1\u1fe5\u03a1\u1fec"),
        (0x031b, "\u004f\u01a0\u006f\u01a1\u0055\u01af\u0075\u01b0"),
        (0x0323,
            "\u0042\u1e04\u0062\u1e05\u0044\u1e0c\u0064\u1e0d\u0048\u1e24\u0068\u1e25\u004b\u1e32\u006b\u1e33\u004c\u1e36"
            + "\u006c\u1e37\u004d\u1e42\u006d\u1e43\u004e\u1e46\u006e\u1e47\u0052\u1e5a\u0072\u1e5b\u0053\u1e62\u0073\u1e63"
            + "\u0054\u1e6c\u0074\u1e6d\u0056\u1e7e\u0076\u1e7f\u0057\u1e88\u0077\u1e89\u005a\u1e92\u007a\u1e93\u0041\u1ea0"
            + "\u0061\u1ea1\u0045\u1eb8\u0065\u1eb9\u0049\u1eca\u0069\u1ecb\u004f\u1ecc\u006f\u1ecd\u01a0\u1ee2\u01a1\u1ee3"
            + "\u0055\u1ee4\u0075\u1ee5\u01af\u1ef0\u01b0\u1ef1\u0059\u1ef4\u0079\u1ef5"),
        (0x0324, "\u0055\u1e72\u0075\u1e73"),
        (0x0325, "\u0041\u1e00\u0061\u1e01"),
        (0x0326, "\u0053\u0218\u0073\u0219\u0054\u021a\u0074\u021b"),
        (0x0327,
            "\u0043\u00c7\u0063\u00e7\u0047\u0122\u0067\u0123\u004b\u0136\u006b\u0137\u004c\u013b\u006c\u013c\u004e\u0145"
            + "\u006e\u0146\u0052\u0156\u0072\u0157\u0053\u015e\u0073\u015f\u0054\u0162\u0074\u0163\u0045\u0228\u0065\u0229"
            + "\u0044\u1e10\u0064\u1e11\u0048\u1e28\u0068\u1e29"),
        (0x0328,
            "\u0041\u0104\u0061\u0105\u0045\u0118\u0065\u0119\u0049\u012e\u0069\u012f\u0055\u0172\u0075\u0173\u004f\u01ea"
            + "\u006f\u01eb"),
        (0x032d,
            "\u0044\u1e12\u0064\u1e13\u0045\u1e18\u0065\u1e19\u004c\u1e3c\u006c\u1e3d\u004e\u1e4a\u006e\u1e4b\u0054\u1e70"
            + "\u0074\u1e71\u0055\u1e76\u0075\u1e77"),
        (0x032e, "\u0048\u1e2a\u0068\u1e2b"),
        (0x0330, "\u0045\u1e1a\u0065\u1e1b\u0049\u1e2c\u0069\u1e2d\u0055\u1e74\u0075\u1e75"),
        (0x0331,
            "\u0042\u1e06\u0062\u1e07\u0044\u1e0e\u0064\u1e0f\u004b\u1e34\u006b\u1e35\u004c\u1e3a\u006c\u1e3b\u004e\u1e48"
            + "\u006e\u1e49\u0052\u1e5e\u0072\u1e5f\u0054\u1e6e\u0074\u1e6f\u005a\u1e94\u007a\u1e95\u0068\u1e96"),
        (0x0338,
            "\u2190\u219a\u2192\u219b\u2194\u21ae\u21d0\u21cd\u21d4\u21ce\u21d2\u21cf\u2203\u2204\u2208\u2209\u220b\u220c"
            + "\u2223\u2224\u2225\u2226\u223c\u2241\u2243\u2244\u2245\u2247\u2248\u2249\u003d\u2260\u2261\u2262\u224d\u226d"
            + "\u003c\u226e\u003e\u226f\u2264\u2270\u2265\u2271\u2272\u2274\u2273\u2275\u2276\u2278\u2277\u2279\u227a\u2280"
            + "\u227b\u2281\u2282\u2284\u2283\u2285\u2286\u2288\u2287\u2289\u22a2\u22ac\u22a8\u22ad\u22a9\u22ae\u22ab\u22af"
            + "\u227c\u22e0\u227d\u22e1\u2291\u22e2\u2292\u22e3\u22b2\u22ea\u22b3\u22eb\u22b4\u22ec\u22b5\u22ed"),
        (0x0342,
            "\u1f00\u1f06\u1f01\u1f07\u1f08\u1f0e\u1f09\u1f0f\u1f20\u1f26\u1f21\u1f27\u1f28\u1f2e\u1f29\u1f2f\u1f30\u1f36"
            + "\u1f31\u1f37\u1f38\u1f3e\u1f39\u1f3f\u1f50\u1f56\u1f51\u1f57\u1f59\u1f5f\u1f60\u1f66\u1f61\u1f67\u1f68\u1f6e"
            + "\u1f69\u1f6f\u03b1\u1fb6\u00a8\u1fc1\u03b7\u1fc6\u1fbf\u1fcf\u03b9\u1fd6\u03ca\u1fd7\u1ffe\u1fdf\u03c5\u1fe6"
            + "\u03cb\u1fe7\u03c9\u1ff6"),
        (0x0345,
            "\u1f00\u1f80\u1f01\u1f81\u1f02\u1f82\u1f03\u1f83\u1f04\u1f84\u1f05\u1f85\u1f06\u1f86\u1f07\u1f87\u1f08\u1f88"
            + "\u1f09\u1f89\u1f0a\u1f8a\u1f0b\u1f8b\u1f0c\u1f8c\u1f0d\u1f8d\u1f0e\u1f8e\u1f0f\u1f8f\u1f20\u1f90\u1f21\u1f91"
            + "\u1f22\u1f92\u1f23\u1f93\u1f24\u1f94\u1f25\u1f95\u1f26\u1f96\u1f27\u1f97\u1f28\u1f98\u1f29\u1f99\u1f2a\u1f9a"
            + "\u1f2b\u1f9b\u1f2c\u1f9c\u1f2d\u1f9d\u1f2e\u1f9e\u1f2f\u1f9f\u1f60\u1fa0\u1f61\u1fa1\u1f62\u1fa2\u1f63\u1fa3"
            + "\u1f64\u1fa4\u1f65\u1fa5\u1f66\u1fa6\u1f67\u1fa7\u1f68\u1fa8\u1f69\u1fa9\u1f6a\u1faa\u1f6b\u1fab\u1f6c\u1fac"
            + "\u1f6d\u1fad\u1f6e\u1fae\u1f6f\u1faf\u1f70\u1fb2\u03b1\u1fb3\u03ac\u1fb4\u1fb6\u1fb7\u0391\u1fbc\u1f74\u1fc2"
            + "\u03b7\u1fc3\u03ae\u1fc4\u1fc6\u1fc7\u0397\u1fcc\u1f7c\u1ff2\u03c9\u1ff3\u03ce\u1ff4\u1ff6\u1ff7\u03a9\u1ffc"),
        (0x0653, "\u0627\u0622"),
        (0x0654, "\u0627\u0623\u0648\u0624\u064a\u0626\u06d5\u06c0\u06c1\u06c2\u06d2\u06d3"),
        (0x0655, "\u0627\u0625"),
        (0x093c, "\u0928\u0929\u0930\u0931\u0933\u0934"),
        (0x09be, "\u09c7\u09cb"),
        (0x09d7, "\u09c7\u09cc"),
        (0x0b3e, "\u0b47\u0b4b"),
        (0x0b56, "\u0b47\u0b48"),
        (0x0b57, "\u0b47\u0b4c"),
        (0x0bbe, "\u0bc6\u0bca\u0bc7\u0bcb"),
        (0x0bd7, "\u0b92\u0b94\u0bc6\u0bcc"),
        (0x0c56, "\u0c46\u0c48"),
        (0x0cc2, "\u0cc6\u0cca"),
        (0x0cd5, "\u0cbf\u0cc0\u0cc6\u0cc7\u0cca\u0ccb"),
        (0x0cd6, "\u0cc6\u0cc8"),
        (0x0d3e, "\u0d46\u0d4a\u0d47\u0d4b"),
        (0x0d57, "\u0d46\u0d4c"),
        (0x0dca, "\u0dd9\u0dda\u0ddc\u0ddd"),
        (0x0dcf, "\u0dd9\u0ddc"),
        (0x0ddf, "\u0dd9\u0dde"),
        (0x102e, "\u1025\u1026"),
        (0x1b35,
            "\u1b05\u1b06\u1b07\u1b08\u1b09\u1b0a\u1b0b\u1b0c\u1b0d\u1b0e\u1b11\u1b12\u1b3a\u1b3b\u1b3c\u1b3d\u1b3e\u1b40"
            + "\u1b3f\u1b41\u1b42\u1b43"),
        (0x3099,
            "\u304b\u304c\u304d\u304e\u304f\u3050\u3051\u3052\u3053\u3054\u3055\u3056\u3057\u3058\u3059\u305a\u305b\u305c"
            + "\u305d\u305e\u305f\u3060\u3061\u3062\u3064\u3065\u3066\u3067\u3068\u3069\u306f\u3070\u3072\u3073\u3075\u3076"
            + "\u3078\u3079\u307b\u307c\u3046\u3094\u309d\u309e\u30ab\u30ac\u30ad\u30ae\u30af\u30b0\u30b1\u30b2\u30b3\u30b4"
            + "\u30b5\u30b6\u30b7\u30b8\u30b9\u30ba\u30bb\u30bc\u30bd\u30be\u30bf\u30c0\u30c1\u30c2\u30c4\u30c5\u30c6\u30c7"
            + "\u30c8\u30c9\u30cf\u30d0\u30d2\u30d3\u30d5\u30d6\u30d8\u30d9\u30db\u30dc\u30a6\u30f4\u30ef\u30f7\u30f0\u30f8"
            + "\u30f1\u30f9\u30f2\u30fa\u30fd\u30fe"),
        (0x309a,
            "\u306f\u3071\u3072\u3074\u3075\u3077\u3078\u307a\u307b\u307d\u30cf\u30d1\u30d2\u30d4\u30d5\u30d7\u30d8\u30da"
            + "\u30db\u30dd"),
        (0x110ba, "\U00011099\U0001109a\U0001109b\U0001109c\U000110a5\U000110ab"),
        (0x11127, "\U00011131\U0001112e\U00011132\U0001112f"),
        (0x1133e, "\U00011347\U0001134b"),
        (0x11357, "\U00011347\U0001134c"),
        (0x114b0, "\U000114b9\U000114bc"),
        (0x114ba, "\U000114b9\U000114bb"),
        (0x114bd, "\U000114b9\U000114be"),
        (0x115af, "\U000115b8\U000115ba\U000115b9\U000115bb"),
        (0x11930, "\U00011935\U00011938"),
    ];

    /// <summary>Marks and letters of characters that are always decomposed: NFC never contains the composed character.</summary>
    public static readonly (int Mark, string Letters)[] AlwaysApart =
    [
        (0x0301, "\u0308\u0344"),
        (0x0338, "\u2add\u2adc"),
        (0x05b4, "\u05d9\ufb1d"),
        (0x05b7, "\u05f2\ufb1f\u05d0\ufb2e"),
        (0x05b8, "\u05d0\ufb2f"),
        (0x05b9, "\u05d5\ufb4b"),
        (0x05bc,
            "\u05d0\ufb30\u05d1\ufb31\u05d2\ufb32\u05d3\ufb33\u05d4\ufb34\u05d5\ufb35\u05d6\ufb36\u05d8\ufb38\u05d9\ufb39"
            + "\u05da\ufb3a\u05db\ufb3b\u05dc\ufb3c\u05de\ufb3e\u05e0\ufb40\u05e1\ufb41\u05e3\ufb43\u05e4\ufb44\u05e6\ufb46"
            + "\u05e7\ufb47\u05e8\ufb48\u05e9\ufb49\u05ea\ufb4a"),
        (0x05bf, "\u05d1\ufb4c\u05db\ufb4d\u05e4\ufb4e"),
        (0x05c1, "\u05e9\ufb2a\ufb49\ufb2c"),
        (0x05c2, "\u05e9\ufb2b\ufb49\ufb2d"),
        (0x093c, "\u0915\u0958\u0916\u0959\u0917\u095a\u091c\u095b\u0921\u095c\u0922\u095d\u092b\u095e\u092f\u095f"),
        (0x09bc, "\u09a1\u09dc\u09a2\u09dd\u09af\u09df"),
        (0x0a3c, "\u0a32\u0a33\u0a38\u0a36\u0a16\u0a59\u0a17\u0a5a\u0a1c\u0a5b\u0a2b\u0a5e"),
        (0x0b3c, "\u0b21\u0b5c\u0b22\u0b5d"),
        (0x0f72, "\u0f71\u0f73"),
        (0x0f74, "\u0f71\u0f75"),
        (0x0f80, "\u0fb2\u0f76\u0fb3\u0f78\u0f71\u0f81"),
        (0x0fb5, "\u0f40\u0f69\u0f90\u0fb9"),
        (0x0fb7,
            "\u0f42\u0f43\u0f4c\u0f4d\u0f51\u0f52\u0f56\u0f57\u0f5b\u0f5c\u0f92\u0f93\u0f9c\u0f9d\u0fa1\u0fa2\u0fa6\u0fa7"
            + "\u0fab\u0fac"),
        (0x1d165, "\U0001d157\U0001d15e\U0001d158\U0001d15f\U0001d1b9\U0001d1bb\U0001d1ba\U0001d1bc"),
        (0x1d16e, "\U0001d15f\U0001d160\U0001d1bb\U0001d1bd\U0001d1bc\U0001d1be"),
        (0x1d16f, "\U0001d15f\U0001d161\U0001d1bb\U0001d1bf\U0001d1bc\U0001d1c0"),
        (0x1d170, "\U0001d15f\U0001d162"),
        (0x1d171, "\U0001d15f\U0001d163"),
        (0x1d172, "\U0001d15f\U0001d164"),
    ];

    /// <summary>Characters with a canonical equivalent of one character, as pairs: equivalent, canonical character.</summary>
    public const string Twins =
        "\u0340\u0300\u0341\u0301\u0343\u0313\u0374\u02b9\u037e\u003b\u0387\u00b7\u1f71\u03ac\u1f73\u03ad\u1f75\u03ae"
        + "\u1f77\u03af\u1f79\u03cc\u1f7b\u03cd\u1f7d\u03ce\u1fbb\u0386\u1fbe\u03b9\u1fc9\u0388\u1fcb\u0389\u1fd3\u0390"
        + "\u1fdb\u038a\u1fe3\u03b0\u1feb\u038e\u1fee\u0385\u1fef\u0060\u1ff9\u038c\u1ffb\u038f\u1ffd\u00b4\u2000\u2002"
        + "\u2001\u2003\u2126\u03a9\u212a\u004b\u212b\u00c5\u2329\u3008\u232a\u3009";

    /// <summary>Ranges of combining marks (first to last) with their combining class, which determines their order.</summary>
    public static readonly (int First, int Last, int Class)[] Classes =
    [
        (0x300, 0x314, 230), (0x315, 0x315, 232), (0x316, 0x319, 220), (0x31a, 0x31a, 232), (0x31b, 0x31b, 216),
        (0x31c, 0x320, 220), (0x321, 0x322, 202), (0x323, 0x326, 220), (0x327, 0x328, 202), (0x329, 0x333, 220),
        (0x334, 0x338, 1), (0x339, 0x33c, 220), (0x33d, 0x344, 230), (0x345, 0x345, 240), (0x346, 0x346, 230),
        (0x347, 0x349, 220), (0x34a, 0x34c, 230), (0x34d, 0x34e, 220), (0x350, 0x352, 230), (0x353, 0x356, 220),
        (0x357, 0x357, 230), (0x358, 0x358, 232), (0x359, 0x35a, 220), (0x35b, 0x35b, 230), (0x35c, 0x35c, 233),
        (0x35d, 0x35e, 234), (0x35f, 0x35f, 233), (0x360, 0x361, 234), (0x362, 0x362, 233), (0x363, 0x36f, 230),
        (0x483, 0x487, 230), (0x591, 0x591, 220), (0x592, 0x595, 230), (0x596, 0x596, 220), (0x597, 0x599, 230),
        (0x59a, 0x59a, 222), (0x59b, 0x59b, 220), (0x59c, 0x5a1, 230), (0x5a2, 0x5a7, 220), (0x5a8, 0x5a9, 230),
        (0x5aa, 0x5aa, 220), (0x5ab, 0x5ac, 230), (0x5ad, 0x5ad, 222), (0x5ae, 0x5ae, 228), (0x5af, 0x5af, 230),
        (0x5b0, 0x5b0, 10), (0x5b1, 0x5b1, 11), (0x5b2, 0x5b2, 12), (0x5b3, 0x5b3, 13), (0x5b4, 0x5b4, 14),
        (0x5b5, 0x5b5, 15), (0x5b6, 0x5b6, 16), (0x5b7, 0x5b7, 17), (0x5b8, 0x5b8, 18), (0x5b9, 0x5ba, 19),
        (0x5bb, 0x5bb, 20), (0x5bc, 0x5bc, 21), (0x5bd, 0x5bd, 22), (0x5bf, 0x5bf, 23), (0x5c1, 0x5c1, 24),
        (0x5c2, 0x5c2, 25), (0x5c4, 0x5c4, 230), (0x5c5, 0x5c5, 220), (0x5c7, 0x5c7, 18), (0x610, 0x617, 230),
        (0x618, 0x618, 30), (0x619, 0x619, 31), (0x61a, 0x61a, 32), (0x64b, 0x64b, 27), (0x64c, 0x64c, 28),
        (0x64d, 0x64d, 29), (0x64e, 0x64e, 30), (0x64f, 0x64f, 31), (0x650, 0x650, 32), (0x651, 0x651, 33),
        (0x652, 0x652, 34), (0x653, 0x654, 230), (0x655, 0x656, 220), (0x657, 0x65b, 230), (0x65c, 0x65c, 220),
        (0x65d, 0x65e, 230), (0x65f, 0x65f, 220), (0x670, 0x670, 35), (0x6d6, 0x6dc, 230), (0x6df, 0x6e2, 230),
        (0x6e3, 0x6e3, 220), (0x6e4, 0x6e4, 230), (0x6e7, 0x6e8, 230), (0x6ea, 0x6ea, 220), (0x6eb, 0x6ec, 230),
        (0x6ed, 0x6ed, 220), (0x711, 0x711, 36), (0x730, 0x730, 230), (0x731, 0x731, 220), (0x732, 0x733, 230),
        (0x734, 0x734, 220), (0x735, 0x736, 230), (0x737, 0x739, 220), (0x73a, 0x73a, 230), (0x73b, 0x73c, 220),
        (0x73d, 0x73d, 230), (0x73e, 0x73e, 220), (0x73f, 0x741, 230), (0x742, 0x742, 220), (0x743, 0x743, 230),
        (0x744, 0x744, 220), (0x745, 0x745, 230), (0x746, 0x746, 220), (0x747, 0x747, 230), (0x748, 0x748, 220),
        (0x749, 0x74a, 230), (0x7eb, 0x7f1, 230), (0x7f2, 0x7f2, 220), (0x7f3, 0x7f3, 230), (0x7fd, 0x7fd, 220),
        (0x816, 0x819, 230), (0x81b, 0x823, 230), (0x825, 0x827, 230), (0x829, 0x82d, 230), (0x859, 0x85b, 220),
        (0x898, 0x898, 230), (0x899, 0x89b, 220), (0x89c, 0x89f, 230), (0x8ca, 0x8ce, 230), (0x8cf, 0x8d3, 220),
        (0x8d4, 0x8e1, 230), (0x8e3, 0x8e3, 220), (0x8e4, 0x8e5, 230), (0x8e6, 0x8e6, 220), (0x8e7, 0x8e8, 230),
        (0x8e9, 0x8e9, 220), (0x8ea, 0x8ec, 230), (0x8ed, 0x8ef, 220), (0x8f0, 0x8f0, 27), (0x8f1, 0x8f1, 28),
        (0x8f2, 0x8f2, 29), (0x8f3, 0x8f5, 230), (0x8f6, 0x8f6, 220), (0x8f7, 0x8f8, 230), (0x8f9, 0x8fa, 220),
        (0x8fb, 0x8ff, 230), (0x93c, 0x93c, 7), (0x94d, 0x94d, 9), (0x951, 0x951, 230), (0x952, 0x952, 220),
        (0x953, 0x954, 230), (0x9bc, 0x9bc, 7), (0x9cd, 0x9cd, 9), (0x9fe, 0x9fe, 230), (0xa3c, 0xa3c, 7),
        (0xa4d, 0xa4d, 9), (0xabc, 0xabc, 7), (0xacd, 0xacd, 9), (0xb3c, 0xb3c, 7), (0xb4d, 0xb4d, 9),
        (0xbcd, 0xbcd, 9), (0xc3c, 0xc3c, 7), (0xc4d, 0xc4d, 9), (0xc55, 0xc55, 84), (0xc56, 0xc56, 91),
        (0xcbc, 0xcbc, 7), (0xccd, 0xccd, 9), (0xd3b, 0xd3c, 9), (0xd4d, 0xd4d, 9), (0xdca, 0xdca, 9),
        (0xe38, 0xe39, 103), (0xe3a, 0xe3a, 9), (0xe48, 0xe4b, 107), (0xeb8, 0xeb9, 118), (0xeba, 0xeba, 9),
        (0xec8, 0xecb, 122), (0xf18, 0xf19, 220), (0xf35, 0xf35, 220), (0xf37, 0xf37, 220), (0xf39, 0xf39, 216),
        (0xf71, 0xf71, 129), (0xf72, 0xf72, 130), (0xf74, 0xf74, 132), (0xf7a, 0xf7d, 130), (0xf80, 0xf80, 130),
        (0xf82, 0xf83, 230), (0xf84, 0xf84, 9), (0xf86, 0xf87, 230), (0xfc6, 0xfc6, 220), (0x1037, 0x1037, 7),
        (0x1039, 0x103a, 9), (0x108d, 0x108d, 220), (0x135d, 0x135f, 230), (0x1714, 0x1715, 9), (0x1734, 0x1734, 9),
        (0x17d2, 0x17d2, 9), (0x17dd, 0x17dd, 230), (0x18a9, 0x18a9, 228), (0x1939, 0x1939, 222), (0x193a, 0x193a, 230),
        (0x193b, 0x193b, 220), (0x1a17, 0x1a17, 230), (0x1a18, 0x1a18, 220), (0x1a60, 0x1a60, 9), (0x1a75, 0x1a7c, 230),
        (0x1a7f, 0x1a7f, 220), (0x1ab0, 0x1ab4, 230), (0x1ab5, 0x1aba, 220), (0x1abb, 0x1abc, 230),
        (0x1abd, 0x1abd, 220), (0x1abf, 0x1ac0, 220), (0x1ac1, 0x1ac2, 230), (0x1ac3, 0x1ac4, 220),
        (0x1ac5, 0x1ac9, 230), (0x1aca, 0x1aca, 220), (0x1acb, 0x1ace, 230), (0x1b34, 0x1b34, 7), (0x1b44, 0x1b44, 9),
        (0x1b6b, 0x1b6b, 230), (0x1b6c, 0x1b6c, 220), (0x1b6d, 0x1b73, 230), (0x1baa, 0x1bab, 9), (0x1be6, 0x1be6, 7),
        (0x1bf2, 0x1bf3, 9), (0x1c37, 0x1c37, 7), (0x1cd0, 0x1cd2, 230), (0x1cd4, 0x1cd4, 1), (0x1cd5, 0x1cd9, 220),
        (0x1cda, 0x1cdb, 230), (0x1cdc, 0x1cdf, 220), (0x1ce0, 0x1ce0, 230), (0x1ce2, 0x1ce8, 1), (0x1ced, 0x1ced, 220),
        (0x1cf4, 0x1cf4, 230), (0x1cf8, 0x1cf9, 230), (0x1dc0, 0x1dc1, 230), (0x1dc2, 0x1dc2, 220),
        (0x1dc3, 0x1dc9, 230), (0x1dca, 0x1dca, 220), (0x1dcb, 0x1dcc, 230), (0x1dcd, 0x1dcd, 234),
        (0x1dce, 0x1dce, 214), (0x1dcf, 0x1dcf, 220), (0x1dd0, 0x1dd0, 202), (0x1dd1, 0x1df5, 230),
        (0x1df6, 0x1df6, 232), (0x1df7, 0x1df8, 228), (0x1df9, 0x1df9, 220), (0x1dfa, 0x1dfa, 218),
        (0x1dfb, 0x1dfb, 230), (0x1dfc, 0x1dfc, 233), (0x1dfd, 0x1dfd, 220), (0x1dfe, 0x1dfe, 230),
        (0x1dff, 0x1dff, 220), (0x20d0, 0x20d1, 230), (0x20d2, 0x20d3, 1), (0x20d4, 0x20d7, 230), (0x20d8, 0x20da, 1),
        (0x20db, 0x20dc, 230), (0x20e1, 0x20e1, 230), (0x20e5, 0x20e6, 1), (0x20e7, 0x20e7, 230), (0x20e8, 0x20e8, 220),
        (0x20e9, 0x20e9, 230), (0x20ea, 0x20eb, 1), (0x20ec, 0x20ef, 220), (0x20f0, 0x20f0, 230), (0x2cef, 0x2cf1, 230),
        (0x2d7f, 0x2d7f, 9), (0x2de0, 0x2dff, 230), (0x302a, 0x302a, 218), (0x302b, 0x302b, 228), (0x302c, 0x302c, 232),
        (0x302d, 0x302d, 222), (0x302e, 0x302f, 224), (0x3099, 0x309a, 8), (0xa66f, 0xa66f, 230), (0xa674, 0xa67d, 230),
        (0xa69e, 0xa69f, 230), (0xa6f0, 0xa6f1, 230), (0xa806, 0xa806, 9), (0xa82c, 0xa82c, 9), (0xa8c4, 0xa8c4, 9),
        (0xa8e0, 0xa8f1, 230), (0xa92b, 0xa92d, 220), (0xa953, 0xa953, 9), (0xa9b3, 0xa9b3, 7), (0xa9c0, 0xa9c0, 9),
        (0xaab0, 0xaab0, 230), (0xaab2, 0xaab3, 230), (0xaab4, 0xaab4, 220), (0xaab7, 0xaab8, 230),
        (0xaabe, 0xaabf, 230), (0xaac1, 0xaac1, 230), (0xaaf6, 0xaaf6, 9), (0xabed, 0xabed, 9), (0xfb1e, 0xfb1e, 26),
        (0xfe20, 0xfe26, 230), (0xfe27, 0xfe2d, 220), (0xfe2e, 0xfe2f, 230), (0x101fd, 0x101fd, 220),
        (0x102e0, 0x102e0, 220), (0x10376, 0x1037a, 230), (0x10a0d, 0x10a0d, 220), (0x10a0f, 0x10a0f, 230),
        (0x10a38, 0x10a38, 230), (0x10a39, 0x10a39, 1), (0x10a3a, 0x10a3a, 220), (0x10a3f, 0x10a3f, 9),
        (0x10ae5, 0x10ae5, 230), (0x10ae6, 0x10ae6, 220), (0x10d24, 0x10d27, 230), (0x10eab, 0x10eac, 230),
        (0x10efd, 0x10eff, 220), (0x10f46, 0x10f47, 220), (0x10f48, 0x10f4a, 230), (0x10f4b, 0x10f4b, 220),
        (0x10f4c, 0x10f4c, 230), (0x10f4d, 0x10f50, 220), (0x10f82, 0x10f82, 230), (0x10f83, 0x10f83, 220),
        (0x10f84, 0x10f84, 230), (0x10f85, 0x10f85, 220), (0x11046, 0x11046, 9), (0x11070, 0x11070, 9),
        (0x1107f, 0x1107f, 9), (0x110b9, 0x110b9, 9), (0x110ba, 0x110ba, 7), (0x11100, 0x11102, 230),
        (0x11133, 0x11134, 9), (0x11173, 0x11173, 7), (0x111c0, 0x111c0, 9), (0x111ca, 0x111ca, 7),
        (0x11235, 0x11235, 9), (0x11236, 0x11236, 7), (0x112e9, 0x112e9, 7), (0x112ea, 0x112ea, 9),
        (0x1133b, 0x1133c, 7), (0x1134d, 0x1134d, 9), (0x11366, 0x1136c, 230), (0x11370, 0x11374, 230),
        (0x11442, 0x11442, 9), (0x11446, 0x11446, 7), (0x1145e, 0x1145e, 230), (0x114c2, 0x114c2, 9),
        (0x114c3, 0x114c3, 7), (0x115bf, 0x115bf, 9), (0x115c0, 0x115c0, 7), (0x1163f, 0x1163f, 9),
        (0x116b6, 0x116b6, 9), (0x116b7, 0x116b7, 7), (0x1172b, 0x1172b, 9), (0x11839, 0x11839, 9),
        (0x1183a, 0x1183a, 7), (0x1193d, 0x1193e, 9), (0x11943, 0x11943, 7), (0x119e0, 0x119e0, 9),
        (0x11a34, 0x11a34, 9), (0x11a47, 0x11a47, 9), (0x11a99, 0x11a99, 9), (0x11c3f, 0x11c3f, 9),
        (0x11d42, 0x11d42, 7), (0x11d44, 0x11d45, 9), (0x11d97, 0x11d97, 9), (0x11f41, 0x11f42, 9),
        (0x16af0, 0x16af4, 1), (0x16b30, 0x16b36, 230), (0x16ff0, 0x16ff1, 6), (0x1bc9e, 0x1bc9e, 1),
        (0x1d165, 0x1d166, 216), (0x1d167, 0x1d169, 1), (0x1d16d, 0x1d16d, 226), (0x1d16e, 0x1d172, 216),
        (0x1d17b, 0x1d182, 220), (0x1d185, 0x1d189, 230), (0x1d18a, 0x1d18b, 220), (0x1d1aa, 0x1d1ad, 230),
        (0x1d242, 0x1d244, 230), (0x1e000, 0x1e006, 230), (0x1e008, 0x1e018, 230), (0x1e01b, 0x1e021, 230),
        (0x1e023, 0x1e024, 230), (0x1e026, 0x1e02a, 230), (0x1e08f, 0x1e08f, 230), (0x1e130, 0x1e136, 230),
        (0x1e2ae, 0x1e2ae, 230), (0x1e2ec, 0x1e2ef, 230), (0x1e4ec, 0x1e4ed, 232), (0x1e4ee, 0x1e4ee, 220),
        (0x1e4ef, 0x1e4ef, 230), (0x1e8d0, 0x1e8d6, 220), (0x1e944, 0x1e949, 230), (0x1e94a, 0x1e94a, 7),
    ];
}
