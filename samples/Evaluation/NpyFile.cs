using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DiffusionSharp.Samples.Evaluation;

/// <summary>An array of bytes in NumPy's file format, versions 1 to 3: a header that says type, order and shape, then the values.</summary>
internal sealed partial class NpyFile
{
    private static readonly byte[] Magic = [0x93, .. "NUMPY"u8];

    private NpyFile(int[] shape, byte[] values) => (Shape, Values) = (shape, values);

    public IReadOnlyList<int> Shape { get; }

    /// <summary>The values, row-major.</summary>
    public byte[] Values { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is another file, or an array that is not of bytes in row-major order.</exception>
    public static NpyFile Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var reader = new BinaryReader(file);
        if (!reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic))
        {
            throw new InvalidDataException($"{path} is not in NumPy's format.");
        }

        int version = reader.ReadByte();
        reader.ReadByte();
        int length = version == 1 ? reader.ReadUInt16() : reader.ReadInt32();
        string header = Encoding.Latin1.GetString(reader.ReadBytes(length));
        Match match = Header().Match(header);
        if (!match.Success)
        {
            throw new InvalidDataException($"{path} is an array of another kind than bytes in row-major order: {header.Trim()}");
        }

        int[] shape = [.. match.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        var values = new byte[shape.Aggregate(1, (product, extent) => checked(product * extent))];
        file.ReadExactly(values);
        return new NpyFile(shape, values);
    }

    [GeneratedRegex(@"^\{'descr': '\|u1', 'fortran_order': False, 'shape': \((?<shape>[\d, ]*)\), \}\s*$")]
    private static partial Regex Header();
}
