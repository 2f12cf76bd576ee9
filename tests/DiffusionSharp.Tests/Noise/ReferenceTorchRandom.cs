namespace DiffusionSharp.Tests.Noise;

/// <summary>PyTorch's CPU generator as its definition reads, one value at a time and in double precision.</summary>
internal sealed class ReferenceTorchRandom
{
    private readonly uint[] _state = new uint[624];
    private int _next;
    private double? _kept;

    public ReferenceTorchRandom(ulong seed)
    {
        _state[0] = (uint)seed;
        for (uint j = 1; j < 624; j++)
        {
            _state[j] = (1812433253 * (_state[j - 1] ^ (_state[j - 1] >> 30))) + j;
        }
    }

    public double[] Rand(int count)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = Uniform24();
        }

        return values;
    }

    public double[] RandN(int count)
    {
        if (count < 16)
        {
            var few = new double[count];
            for (int i = 0; i < count; i++)
            {
                few[i] = ScalarNormal();
            }

            return few;
        }

        double[] values = Rand(count);
        for (int start = 0; start + 16 <= count; start += 16)
        {
            NormalBlock(values.AsSpan(start, 16));
        }

        if (count % 16 != 0)
        {
            Rand(16).CopyTo(values, count - 16);
            NormalBlock(values.AsSpan(count - 16));
        }

        return values;
    }

    private static void NormalBlock(Span<double> d)
    {
        for (int j = 0; j < 8; j++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - d[j]));
            double angle = 2 * Math.PI * d[j + 8];
            d[j] = radius * Math.Cos(angle);
            d[j + 8] = radius * Math.Sin(angle);
        }
    }

    private double ScalarNormal()
    {
        if (_kept is { } kept)
        {
            _kept = null;
            return kept;
        }

        double u1 = Uniform53();
        double u2 = Uniform53();
        double radius = Math.Sqrt(-2 * Math.Log(1 - u2));
        _kept = radius * Math.Sin(2 * Math.PI * u1);
        return radius * Math.Cos(2 * Math.PI * u1);
    }

    private double Uniform24() => Math.ScaleB(NextUInt32() % (1u << 24), -24);

    private double Uniform53()
    {
        ulong high = NextUInt32();
        ulong low = NextUInt32();
        return Math.ScaleB(((high << 32) + low) % (1ul << 53), -53);
    }

    // The word of each step is replaced just before it is used; Matsumoto and Nishimura replace all 624 at once, to the same effect.
    private uint NextUInt32()
    {
        uint joined = (_state[_next] & 0x80000000) + (_state[(_next + 1) % 624] & 0x7FFFFFFF);
        uint y = _state[(_next + 397) % 624] ^ (joined >> 1);
        if (joined % 2 == 1)
        {
            y ^= 0x9908B0DF;
        }

        _state[_next] = y;
        _next = (_next + 1) % 624;

        y ^= y >> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        return y ^ (y >> 18);
    }
}
