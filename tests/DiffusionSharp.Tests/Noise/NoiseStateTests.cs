using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Noise;

/// <summary>A stream that is saved between two draws goes on in a source of any other seed with the same values, bit for bit.</summary>
public class NoiseStateTests
{
    // Of lengths that leave half a pair of normal values behind, and that take more than one block of a generator.
    private static readonly int[] Lengths = [3, 40, 1, 700, 16, 5, 21];

    private static readonly Dictionary<string, Func<long, INoiseSource>> Sources = new()
    {
        ["torch"] = seed => new TorchCpuNoise(seed),
        ["cuda"] = seed => new TorchCudaNoise(seed),
        ["numpy"] = seed => new NumpyLegacyNoise(seed),
        ["brownian"] = seed => new BrownianTreeNoise(seed, 0.1, 20),
        ["batch"] = seed => new PerImageNoise(new TorchCpuNoise(seed), new NumpyLegacyNoise(seed)),
    };

    public static TheoryData<string> Names() => [.. Sources.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_stream_goes_on_from_its_state_after_every_draw(string name)
    {
        INoiseSource source = Sources[name](1);
        var states = new List<byte[]>();
        var draws = new List<float[]>();
        for (int i = 0; i < Lengths.Length; i++)
        {
            states.Add(Save(source));
            draws.Add(Draw(source, i));
        }

        for (int from = 0; from < states.Count; from++)
        {
            INoiseSource other = Sources[name](77);
            Draw(other, 0);
            Restore(other, states[from]);
            Assert.Equal(states[from], Save(other));
            for (int i = from; i < draws.Count; i++)
            {
                Assert.Equal(draws[i], Draw(other, i));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_state_that_is_cut_off_is_an_error(string name)
    {
        byte[] state = Save(Sources[name](1));
        Assert.Throws<EndOfStreamException>(() => Restore(Sources[name](1), state[..^1]));
    }

    [Fact]
    public void Paths_of_a_batch_keep_the_seeds_that_they_have_drawn()
    {
        var shape = new SampleShape(2, 1, 2, 3);
        var path = new BatchPath(shape, 0.1, 10, seed: null);
        byte[] unseeded = Save(path);
        path.Seed(new PerImageNoise(new TorchCpuNoise(1L), new TorchCpuNoise(2L)));
        (float[] expected, float[] actual) = (new float[shape.Length], new float[shape.Length]);
        path.FillBetween(5, 2, expected);

        var other = new BatchPath(shape, 0.1, 10, seed: null);
        Restore(other, Save(path));
        other.Seed(new PerImageNoise(new TorchCpuNoise(8L), new TorchCpuNoise(9L)));
        other.FillBetween(5, 2, actual);
        Assert.Equal(expected, actual);

        Restore(other, unseeded);
        other.Seed(new PerImageNoise(new TorchCpuNoise(1L), new TorchCpuNoise(2L)));
        other.FillBetween(5, 2, actual);
        Assert.Equal(expected, actual);
    }

    private static float[] Draw(INoiseSource source, int index)
    {
        // An even number for the two pictures of a batch.
        var values = new float[2 * Lengths[index]];
        if (index % 2 == 0)
        {
            source.Fill(values);
        }
        else
        {
            source.FillBetween(10, 1 + index, values);
        }

        return values;
    }

    private static byte[] Save(INoiseSource source)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        source.Save(writer);
        writer.Flush();
        return stream.ToArray();
    }

    private static void Restore(INoiseSource source, byte[] state)
    {
        using var reader = new BinaryReader(new MemoryStream(state));
        source.Restore(reader);
        Assert.Equal(reader.BaseStream.Length, reader.BaseStream.Position);
    }
}
