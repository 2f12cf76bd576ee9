namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>
/// Winograd's minimal filtering F(m×m, 3×3) (arXiv:1509.09308): a tile of m·m results of a 3x3 convolution is Aᵀ·[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]·A, so that
/// (m + 2)² multiplications do what 9·m² did. The matrices are those of Cook and Toom for some points and infinity.
/// </summary>
internal sealed class WinogradForm
{
    /// <summary>Taps of the filter along each side.</summary>
    public const int Taps = 3;

    private WinogradForm(int outputs, params double[] finite)
    {
        Outputs = outputs;
        Points = outputs + Taps - 1;
        A = new double[outputs, Points];
        G = new double[Points, Taps];
        B = new double[Points, Points];
        for (int i = 0; i < finite.Length; i++)
        {
            double[] others = [.. finite.Where((_, j) => j != i)];
            double factor = others.Aggregate(1.0, (product, other) => product * (finite[i] - other));
            Fill(A, i, power => Math.Pow(finite[i], power));
            double[] polynomial = Polynomial(others);
            // A power of two that is exact and makes the numbers of a row of Bᵀ about 1, which keeps the rounding of float32 small.
            double balance = Math.Pow(2, Math.Round(Math.Log2(polynomial.Max(Math.Abs))));
            for (int tap = 0; tap < Taps; tap++)
            {
                G[i, tap] = Math.Pow(finite[i], tap) / factor * balance;
            }

            for (int j = 0; j < polynomial.Length; j++)
            {
                B[i, j] = polynomial[j] / balance;
            }
        }

        double[] all = Polynomial(finite);
        double last = Math.Pow(2, Math.Round(Math.Log2(all.Max(Math.Abs))));
        A[outputs - 1, Points - 1] = 1;
        G[Points - 1, Taps - 1] = last;
        for (int j = 0; j < all.Length; j++)
        {
            B[Points - 1, j] = all[j] / last;
        }
    }

    /// <summary>Tiles of 2x2, for small pictures.</summary>
    public static WinogradForm Two { get; } = new(2, 0, 1, -1);

    /// <summary>Tiles of 4x4. The points are those that were found to round least.</summary>
    public static WinogradForm Four { get; } = new(4, 0, 1, -1, 0.5, -2);

    /// <summary>Results of a tile along each side: m.</summary>
    public int Outputs { get; }

    /// <summary>Products of a tile along each side: m + 2.</summary>
    public int Points { get; }

    /// <summary>Aᵀ, <c>[m, m + 2]</c>.</summary>
    public double[,] A { get; }

    /// <summary>G, <c>[m + 2, 3]</c>.</summary>
    public double[,] G { get; }

    /// <summary>Bᵀ, <c>[m + 2, m + 2]</c>.</summary>
    public double[,] B { get; }

    /// <summary>Which form a picture of this size is worth; null where it is smaller than any is for.</summary>
    public static WinogradForm? For(int height, int width) => (height * width) switch
    {
        >= 24 * 24 => Four,
        >= 12 * 12 => Two,
        _ => null,
    };

    /// <summary>The product of a matrix with itself by Kronecker, as it works on tiles that are written as rows: <c>[rows², columns²]</c>.</summary>
    public static float[] Squared(double[,] matrix)
    {
        int rows = matrix.GetLength(0);
        int columns = matrix.GetLength(1);
        var squared = new float[rows * rows * columns * columns];
        for (int i = 0; i < squared.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, columns * columns);
            squared[i] = (float)(matrix[row / rows, column / columns] * matrix[row % rows, column % columns]);
        }

        return squared;
    }

    private static void Fill(double[,] matrix, int column, Func<int, double> value)
    {
        for (int row = 0; row < matrix.GetLength(0); row++)
        {
            matrix[row, column] = value(row);
        }
    }

    // (x - a)(x - b)..., from the constant term on.
    private static double[] Polynomial(double[] roots)
    {
        double[] coefficients = [1];
        foreach (double root in roots)
        {
            var next = new double[coefficients.Length + 1];
            for (int i = 0; i < coefficients.Length; i++)
            {
                next[i] -= root * coefficients[i];
                next[i + 1] += coefficients[i];
            }

            coefficients = next;
        }

        return coefficients;
    }
}
