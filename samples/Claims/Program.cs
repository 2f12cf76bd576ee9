// What the field claims, measured on this repository's own models: the tables and pictures of docs/claims.md, a section for each claim.
using System.CommandLine;
using System.Globalization;
using DiffusionSharp.Samples;
using DiffusionSharp.Samples.Claims;

var work = new Argument<string>("work") { Description = "The work folder of training, with evaluation.json, full.npy, small.npy and emojis.json: what pictures are compared with." };
var only = new Option<string[]>("--only") { Description = "Which sections to measure; all by default.", DefaultValueFactory = _ => ["ddim", "guidance", "cascade", "speed", "latents"], AllowMultipleArgumentsPerToken = true };
var count = new Option<int>("--count") { Description = "Pictures of each class in every cell.", DefaultValueFactory = _ => 4 };
var companions = new Option<string>("--companions") { Description = "The folder of the models.", DefaultValueFactory = _ => "companions" };
var page = new Option<string>("--page") { Description = "The page whose tables are replaced.", DefaultValueFactory = _ => "docs/claims.md" };
var pictures = new Option<string>("--pictures") { Description = "Where to write the sheets.", DefaultValueFactory = _ => "docs/images" };
var command = new RootCommand("Measures what papers claim.") { work, only, count, companions, page, pictures };

var sections = new Dictionary<string, Func<Bench, CancellationToken, Task<IEnumerable<string>>>>
{
    ["ddim"] = DdimTable.MeasureAsync,
    ["guidance"] = GuidanceTable.MeasureAsync,
    ["cascade"] = CascadeTable.MeasureAsync,
    ["speed"] = SpeedTable.MeasureAsync,
    ["latents"] = LatentsTable.MeasureAsync,
};

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ClassList classes = ClassList.Load(Path.Combine(parsed.GetValue(companions)!, "emoji-classes", "classes.json"));
    var bench = new Bench(parsed.GetValue(companions)!, parsed.GetValue(pictures)!, classes, EmojiIndex.Open(parsed.GetValue(work)!, classes), parsed.GetValue(count));
    foreach (string name in parsed.GetValue(only)!)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        IEnumerable<string> lines = await sections[name](bench, cancellationToken);
        string told = string.Create(CultureInfo.InvariantCulture, $"{bench.Count} pictures of each of {classes.Names.Length} classes in every cell; {(Environment.CpuUsage.TotalTime - start).TotalMinutes:0.0} minutes of one core in all.");
        string text = await File.ReadAllTextAsync(parsed.GetValue(page)!, cancellationToken);
        await File.WriteAllTextAsync(parsed.GetValue(page)!, Markdown.Replace(text, name, [.. lines, "", told]), cancellationToken);
        Console.WriteLine($"{name}: {told}");
    }

    SampleApp.ReportFile(parsed.GetValue(page)!);
});
