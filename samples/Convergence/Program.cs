// How fast each scheduler's error falls with the number of steps, on data for which the exact answer is known.
using System.CommandLine;
using System.Globalization;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Samples;
using DiffusionSharp.Schedulers;
using SixLabors.ImageSharp;

var output = new Option<string>("--output", "-o") { Description = "Where to write the orders of the methods.", DefaultValueFactory = _ => "convergence.png" };
var used = new Option<string>("--as-used") { Description = "Where to write the errors of the schedulers as they are used.", DefaultValueFactory = _ => "convergence-as-used.png" };
var command = new RootCommand("Measures the order of convergence of the deterministic schedulers.") { output, used };

return await SampleApp.RunAsync(command, args, (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    ImageFiles.RequireWritable(parsed.GetValue(used)!);
    NoiseSchedule schedule = NoiseSchedule.Linear();
    var model = new MixtureModel(schedule);
    Console.WriteLine("The methods, at exact noise levels:");
    Measure(Methods(schedule), model.ErrorOfMethod, parsed.GetValue(output)!, cancellationToken);
    Console.WriteLine("As used, at the timesteps of a trained model and down to no noise:");
    Measure(AsUsed(schedule), model.ErrorOf, parsed.GetValue(used)!, cancellationToken);
    return Task.CompletedTask;
});

static (string, IScheduler)[] Methods(NoiseSchedule schedule) =>
[
    ("Euler", new EulerScheduler(new EulerOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Exponential })),
    ("Heun", new HeunScheduler(new HeunOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Exponential })),
    ("KDPM2", new Kdpm2Scheduler(new Kdpm2Options { Schedule = schedule, SigmaSpacing = SigmaSpacing.Exponential })),
    ("LMS 4", new LmsScheduler(new LmsOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Exponential })),
    ("DPM++ 2M", new DpmSolverScheduler(new DpmSolverOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Lu })),
    ("DPM++ 3M", new DpmSolverScheduler(new DpmSolverOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Lu, SolverOrder = 3 })),
    ("DPM++ 2S", new DpmSolverSinglestepScheduler(new DpmSolverSinglestepOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Lu })),
    ("DPM++ 3S", new DpmSolverSinglestepScheduler(new DpmSolverSinglestepOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Lu, SolverOrder = 3 })),
    ("DEIS 2", new DeisScheduler(new DeisOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Lu })),
    ("DEIS 3", new DeisScheduler(new DeisOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Lu, SolverOrder = 3 })),
    ("UniPC 2", new UniPcScheduler(new UniPcOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Exponential })),
    ("UniPC 3", new UniPcScheduler(new UniPcOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Exponential, SolverOrder = 3 })),
    ("RES 2M", new ResMultistepScheduler(new ResMultistepOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Exponential })),
    ("RES 2S", new Res2sScheduler(new Res2sOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Exponential })),
    ("GE", new GradientEstimationScheduler(new GradientEstimationOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Exponential })),
];

static (string, IScheduler)[] AsUsed(NoiseSchedule schedule) =>
[
    ("DDIM", new DdimScheduler(new DdimOptions { Schedule = schedule, Clipping = SampleClipping.None, TimestepSpacing = TimestepSpacing.Trailing })),
    ("Euler", new EulerScheduler(new EulerOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Karras })),
    ("Heun", new HeunScheduler(new HeunOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Karras })),
    ("KDPM2", new Kdpm2Scheduler(new Kdpm2Options { Schedule = schedule })),
    ("LMS 4", new LmsScheduler(new LmsOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Karras })),
    ("PLMS", new PndmScheduler(new PndmOptions { Schedule = schedule, SkipPrkSteps = true, TimestepSpacing = TimestepSpacing.Trailing, SetAlphaToOne = true })),
    ("DPM++ 2M", new DpmSolverScheduler(new DpmSolverOptions { Schedule = schedule })),
    ("DPM++ 3M", new DpmSolverScheduler(new DpmSolverOptions { Schedule = schedule, SolverOrder = 3 })),
    ("DPM++ 2S", new DpmSolverSinglestepScheduler(new DpmSolverSinglestepOptions { Schedule = schedule })),
    ("DEIS 2", new DeisScheduler(new DeisOptions { Schedule = schedule })),
    ("UniPC 2", new UniPcScheduler(new UniPcOptions { Schedule = schedule })),
    ("UniPC 3", new UniPcScheduler(new UniPcOptions { Schedule = schedule, SolverOrder = 3 })),
    ("RES 2M", new ResMultistepScheduler(new ResMultistepOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Karras })),
    ("RES 2S", new Res2sScheduler(new Res2sOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Karras })),
    ("GE", new GradientEstimationScheduler(new GradientEstimationOptions { Schedule = schedule, SigmaSpacing = SigmaSpacing.Karras })),
];

static void Measure((string, IScheduler)[] schedulers, Func<IScheduler, int, (double Error, int Calls)> errorOf, string path, CancellationToken cancellationToken)
{
    using var plot = new LinePlot(
        new PlotAxis("model evaluations", 4, 450, [5, 10, 20, 50, 100, 200, 400]) { IsLogarithmic = true },
        new PlotAxis("error", 5e-7, 1, [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1]) { IsLogarithmic = true, Label = tick => $"1E{Math.Round(Math.Log10(tick))}" });
    Console.WriteLine("scheduler    slope   error at 5, 10, 20, 50, 100, 200 steps");
    foreach ((string name, IScheduler scheduler) in schedulers)
    {
        List<(double Calls, double Error)> points = [];
        foreach (int steps in (ReadOnlySpan<int>)[5, 10, 20, 50, 100, 200])
        {
            cancellationToken.ThrowIfCancellationRequested();
            (double error, int calls) = errorOf(scheduler, steps);
            points.Add((calls, error));
        }

        double slope = Slope(points);
        plot.Add($"{name} ({slope.ToString("0.0", CultureInfo.InvariantCulture)})", points);
        Console.WriteLine($"{name,-12} {slope,5:0.00}   {string.Join("  ", points.Select(point => point.Error.ToString("0.0E+0", CultureInfo.InvariantCulture)))}");
    }

    plot.Picture.Save(path);
    SampleApp.ReportFile(path);
}

// The order as it shows from 20 steps up, by least squares in logarithms: error ~ calls^-slope.
static double Slope(List<(double Calls, double Error)> points)
{
    List<(double X, double Y)> logs = [.. points.Skip(2).Select(point => (Math.Log(point.Calls), Math.Log(point.Error)))];
    double x = logs.Average(log => log.X);
    double y = logs.Average(log => log.Y);
    return -logs.Sum(log => (log.X - x) * (log.Y - y)) / logs.Sum(log => (log.X - x) * (log.X - x));
}
