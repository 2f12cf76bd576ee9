namespace DiffusionSharp.Schedulers;

/// <summary>The noise levels of Align Your Steps (Sabour et al. 2024, arXiv:2404.14507), between which other numbers of steps lie evenly in log σ.</summary>
internal static class AlignedSteps
{
    private static readonly double[] StableDiffusion15 =
        [14.6146412293, 6.4745760956, 3.8636745985, 2.6946151520, 1.8841921177, 1.3943805092, 0.9642583904, 0.6523686016, 0.3977456272, 0.1515232662, 0.0291671582];

    private static readonly double[] StableDiffusionXl =
        [14.6146412293, 6.3184485287, 3.7681790315, 2.1811480769, 1.3405244945, 0.8620721141, 0.5550693289, 0.3798540708, 0.2332364134, 0.1114188177, 0.0291671582];

    public static double[] Of15(int count) => LogLinear.Spread(StableDiffusion15, count);

    public static double[] OfXl(int count) => LogLinear.Spread(StableDiffusionXl, count);
}
