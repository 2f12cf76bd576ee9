using System.Text.Json;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Tests.Noise;

public class SeedSequenceTests
{
    [Fact]
    public void States_are_those_of_NumPy()
    {
        foreach (JsonElement record in NoiseReferences.Of("seed_sequence"))
        {
            uint[] expected = [.. record.GetProperty("state").EnumerateArray().Select(s => s.GetUInt32())];
            uint[] place = [.. record.GetProperty("spawn_key").EnumerateArray().SelectMany(k => Words(k.GetUInt64()))];
            var state = new uint[expected.Length];

            SeedSequence.Generate(record.GetProperty("entropy").GetUInt64(), place, new uint[24], state);

            Assert.Equal(expected, state);
        }
    }

    private static IEnumerable<uint> Words(ulong value) => value >> 32 == 0 ? [(uint)value] : [(uint)value, (uint)(value >> 32)];
}
