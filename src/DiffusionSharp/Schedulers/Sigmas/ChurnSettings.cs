namespace DiffusionSharp.Schedulers;

/// <summary>How much noise Euler steps add and remove again (arXiv:2206.00364, algorithm 2).</summary>
/// <param name="Amount">S_churn, over the whole generation.</param>
/// <param name="Minimum">S_tmin, the smallest σ at which it acts.</param>
/// <param name="Maximum">S_tmax, the largest.</param>
/// <param name="Noise">S_noise, the standard deviation of what is added.</param>
internal readonly record struct ChurnSettings(double Amount, double Minimum, double Maximum, double Noise);
