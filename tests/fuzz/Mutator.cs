using System.Text;

namespace ListServer.Fuzz;

/// <summary>Damages octets at random, the same way for the same seed.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "\r\n", "\r", "\n", "\0", ";", "=", ":", " ", "\t", "\r\n ", "\"", "(", ")", "\\", "<", ">", "@", ",", ".", "%", "%{", "}", "/", "-", "_", "+", "~", "?", "[", "]",
            "\u00ff", "\u00c3\u00a4", "i=1;", "b=", "99999999999999999999", "=?utf-8?q?", "?=", "0", "v=", "p=", "-----",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    private readonly Random _random = new(seed);

    /// <summary>A seed with a few wounds; one in eight is grown as far as it goes by repeating a part of it.</summary>
    public byte[] Next(FuzzTarget target)
    {
        var octets = Encoding.Latin1.GetBytes(target.Seeds[_random.Next(target.Seeds.Length)]).ToList();
        for (var wounds = _random.Next(6); wounds >= 0; wounds--)
        {
            Wound(octets);
        }

        return _random.Next(8) == 0 ? Grow(octets, target.MaximumOctets) : [.. octets];
    }

    private void Wound(List<byte> octets)
    {
        var at = _random.Next(octets.Count + 1);
        var count = _random.Next(octets.Count - at + 1);
        switch (_random.Next(5))
        {
            case 0:
                octets.RemoveRange(at, Math.Min(count, 8));
                break;
            case 1:
                octets.InsertRange(_random.Next(octets.Count + 1), octets.GetRange(at, count));
                break;
            case 2 when count > 0:
                octets[at] = (byte)_random.Next(256);
                break;
            default:
                octets.InsertRange(at, Pieces[_random.Next(Pieces.Length)]);
                break;
        }
    }

    private byte[] Grow(List<byte> octets, int size)
    {
        var start = _random.Next(octets.Count + 1);
        var part = octets.GetRange(start, Math.Min(_random.Next(1, 40), octets.Count - start));
        part = part.Count == 0 ? [.. Pieces[_random.Next(Pieces.Length)]] : part;
        var grown = new List<byte>(size + octets.Count);
        grown.AddRange(octets[..start]);
        while (grown.Count + part.Count <= size)
        {
            grown.AddRange(part);
        }

        grown.AddRange(octets[start..]);
        return [.. grown];
    }
}
