namespace DiffusionSharp.Diffusers.Tests.Support;

/// <summary>A matrix in double, to compute by hand what a graph is to give.</summary>
internal sealed record Matrix(int Rows, int Columns, double[] Values)
{
    public double this[int row, int column] => Values[(row * Columns) + column];

    /// <summary>Numbers from -1 to 1 that float32 holds exactly.</summary>
    public static Matrix Random(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        return Of(rows, columns, (_, _) => (float)((2 * random.NextDouble()) - 1));
    }

    public static Matrix Of(int rows, int columns, Func<int, int, double> value)
    {
        var values = new double[rows * columns];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = value(i / columns, i % columns);
        }

        return new Matrix(rows, columns, values);
    }

    public static Matrix operator *(Matrix left, Matrix right) =>
        Of(left.Rows, right.Columns, (row, column) => Enumerable.Range(0, left.Columns).Sum(k => left[row, k] * right[k, column]));

    public static Matrix operator *(double factor, Matrix matrix) => matrix with { Values = [.. matrix.Values.Select(value => factor * value)] };

    public static Matrix operator +(Matrix left, Matrix right) => left with { Values = [.. left.Values.Zip(right.Values, (a, b) => a + b)] };

    public Matrix Skip(int rows) => new(Rows - rows, Columns, Values[(rows * Columns)..]);

    public Matrix Take(int rows) => new(rows, Columns, Values[..(rows * Columns)]);

    /// <summary>As a tensor of a file.</summary>
    public WrittenTensor Written(string name, params long[] shape) => WrittenTensor.Of(name, [.. Values.Select(value => (float)value)], shape.Length == 0 ? [Rows, Columns] : shape);
}
