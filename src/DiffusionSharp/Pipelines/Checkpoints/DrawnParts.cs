using DiffusionSharp.Conditions;

namespace DiffusionSharp;

/// <summary>The conditions that drew noise, as bytes.</summary>
internal static class DrawnParts
{
    public static void Write(BinaryWriter writer, IReadOnlyDictionary<int, IReadOnlyList<AddedPart>> drawn)
    {
        writer.Write(drawn.Count);
        foreach ((int encoder, IReadOnlyList<AddedPart> parts) in drawn)
        {
            writer.Write(encoder);
            writer.Write(parts.Count);
            foreach (AddedPart part in parts)
            {
                writer.Write(part.Term);
                writer.Write(part.FromCall);
                WritePart(writer, part.Part);
            }
        }
    }

    public static Dictionary<int, IReadOnlyList<AddedPart>> Read(BinaryReader reader)
    {
        var drawn = new Dictionary<int, IReadOnlyList<AddedPart>>();
        int encoders = reader.ReadInt32();
        for (int i = 0; i < encoders; i++)
        {
            int encoder = reader.ReadInt32();
            var parts = new AddedPart[reader.ReadInt32()];
            for (int j = 0; j < parts.Length; j++)
            {
                parts[j] = new AddedPart(reader.ReadInt32(), reader.ReadInt32(), ReadPart(reader));
            }

            drawn.Add(encoder, parts);
        }

        return drawn;
    }

    private static void WritePart(BinaryWriter writer, ConditionPart part)
    {
        writer.Write(part.Name);
        writer.Write(part.IsShared);
        writer.Write(part.SpatialScale);
        writer.WriteTensor(part.Values);
    }

    private static ConditionPart ReadPart(BinaryReader reader)
    {
        (string name, bool isShared, double scale) = (reader.ReadString(), reader.ReadBoolean(), reader.ReadDouble());
        return new ConditionPart(name, reader.ReadTensor()) { IsShared = isShared, SpatialScale = scale };
    }
}
