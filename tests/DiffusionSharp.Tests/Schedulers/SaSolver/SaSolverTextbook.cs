using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.SaSolver;

/// <summary>
/// SA-Solver in double (arXiv:2309.05019, algorithm 1), its integrals of Lagrange polynomials (eq. 14 and 17) added up by Simpson's rule.
/// </summary>
internal sealed class SaSolverTextbook(SaSolverOptions options, ISchedulerRun run)
{
    private const int Intervals = 200;

    private readonly LogSnrTextbook _book = new(run);
    private readonly List<double[]> _models = [];
    private double[] _corrected = [];
    private double[] _noise = [];

    public double[] Step(int index, double[] sample, double[] prediction, double[] noise)
    {
        _models.Insert(0, LongRun.Each(sample, k => options.PredictsNoise ? prediction[k] : _book.Original(index, sample[k], prediction[k])));
        int left = options.LowerOrderFinal ? _book.Count - index : int.MaxValue - 2;
        int corrector = Math.Min(Math.Min(options.CorrectorOrder, left + 2), index + 1);
        _corrected = index == 0 ? sample : Move(index - 1, index, corrector, _corrected, _noise);
        _noise = noise;
        return Move(index, index, Math.Min(Math.Min(options.PredictorOrder, left), index + 1), _corrected, noise);
    }

    // From a point to the next, the models being those at the newest point and before it.
    private double[] Move(int from, int newest, int order, double[] sample, double[] noise)
    {
        double tau = options.Tau(run.Timesteps[from]);
        double h = _book.Lambda(from + 1) - _book.Lambda(from);
        double keep = options.PredictsNoise ? _book.Alpha(from + 1) / _book.Alpha(from) : Math.Exp(-tau * tau * h) * _book.Sigma(from + 1) / _book.Sigma(from);
        double deviation = _book.Sigma(from + 1) * (options.PredictsNoise ? tau * Math.Sqrt(Math.Exp(2 * h) - 1) : Math.Sqrt(1 - Math.Exp(-2 * tau * tau * h)));
        double[] weights = [.. Enumerable.Range(0, order).Select(k => Weight(k, from, newest, order, tau))];
        return LongRun.Each(sample, i => (keep * sample[i]) + (deviation * noise[i]) + weights.Select((w, k) => w * _models[k][i]).Sum());
    }

    private double Weight(int k, int from, int newest, int order, double tau)
    {
        double square = 1 + (tau * tau);
        (double start, double end) = (_book.Lambda(from), _book.Lambda(from + 1));
        double Lagrange(double lambda) => Enumerable.Range(0, order).Where(m => m != k)
            .Aggregate(1.0, (product, m) => product * (lambda - _book.Lambda(newest - m)) / (_book.Lambda(newest - k) - _book.Lambda(newest - m)));
        if (options.PredictsNoise)
        {
            return -square * _book.Alpha(from + 1) * Integral(start, end, l => Math.Exp(-l) * Lagrange(l));
        }

        double Decay(double lambda) => Math.Exp(square * (lambda - end));
        double integral = order == 2
            ? (Lagrange(start) * Integral(start, end, Decay)) + ((Lagrange(end) - Lagrange(start)) * (end - start) / 2)
            : Integral(start, end, l => Decay(l) * Lagrange(l));
        return square * _book.Alpha(from + 1) * integral;
    }

    private static double Integral(double start, double end, Func<double, double> value)
    {
        double width = (end - start) / Intervals;
        return Enumerable.Range(0, Intervals + 1).Sum(i => value(start + (i * width)) * (i is 0 or Intervals ? 1 : i % 2 == 1 ? 4 : 2)) * width / 3;
    }
}
