System.Console.WriteLine("benchmarks follow");
