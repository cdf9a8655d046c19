/** Names for customers, and places for them to live: a city everybody knows, buildings that nobody will find. */
export const firstNames: readonly string[] = `
Aarav Aditi Aditya Aisha Ajay Akash Akshata Amit Amruta Anand Ananya Anil Anita Anjali Ankit Anuja Aparna Arjun Arnav Asha Ashwini Atharva
Bhavna Chaitanya Chetan Deepa Deepak Devika Dhruv Divya Esha Farhan Fatima Gauri Gaurav Girish Harsh Hema Imran Isha Ishaan Jaya Jatin John
Kabir Kajal Karan Kavita Kedar Ketaki Kiran Kunal Lakshmi Lata Leena Madhav Mahesh Manasi Manish Maria Meera Mihir Mohit Mrunal Mukund
Nandini Naveen Neha Nikhil Nisha Nitin Omkar Pallavi Parth Pooja Prachi Pranav Prasad Priya Radhika Rahul Rajesh Rajni Ravi Renu Reshma
Riya Rohan Rohini Rutuja Sachin Sagar Sahil Sai Sakshi Salma Sameer Sandeep Sanika Sanjay Sara Sarita Shalini Shantanu Shreya Shruti
Siddharth Simran Smita Sneha Soham Sonali Suhas Sunil Sunita Suresh Swara Tanvi Tara Tejas Thomas Uday Uma Vaishali Varun Vidya Vijay
Vikram Vinay Vivek Yash Yogesh Zara Zoya
`
  .trim()
  .split(/\s+/);

export const lastNames: readonly string[] = `
Agarwal Apte Bapat Barve Bhagat Bhatt Bhave Bhosale Chauhan Chavan Chopra Dalvi Das Date Deo Desai Deshmukh Deshpande Dixit Dsouza Fernandes
Gadgil Gaikwad Ghosh Gokhale Gore Gupta Hegde Inamdar Iyer Jadhav Jain Joglekar Joshi Kadam Kale Kamble Kapoor Karnik Kelkar Khan Kulkarni
Kumar Lele Limaye Mahajan Malhotra Mane Mathew Mehta Menon Mishra More Mukherjee Naik Nair Nene Oak Pande Paranjape Patel Pathak Patil
Pawar Phadke Pillai Rane Rao Rathod Reddy Sane Sathe Sawant Shah Shaikh Sharma Shetty Shinde Singh Sinha Sutar Tambe Tilak Thakur Varma
Wagh
`
  .trim()
  .split(/\s+/);

/** Neighbourhoods of Pune with pincode and centre. */
export const neighbourhoods: readonly { name: string; pincode: string; lat: number; lng: number }[] = [
  { name: "Kothrud", pincode: "411038", lat: 18.5074, lng: 73.8077 },
  { name: "Karve Nagar", pincode: "411052", lat: 18.4888, lng: 73.8203 },
  { name: "Deccan Gymkhana", pincode: "411004", lat: 18.5158, lng: 73.8412 },
  { name: "Shivajinagar", pincode: "411005", lat: 18.5314, lng: 73.8446 },
  { name: "Sadashiv Peth", pincode: "411030", lat: 18.5089, lng: 73.8477 },
  { name: "Sahakar Nagar", pincode: "411009", lat: 18.4864, lng: 73.8523 },
  { name: "Bibwewadi", pincode: "411037", lat: 18.4752, lng: 73.8645 },
  { name: "Camp", pincode: "411001", lat: 18.5122, lng: 73.8797 },
  { name: "Aundh", pincode: "411007", lat: 18.558, lng: 73.8075 },
  { name: "Baner", pincode: "411045", lat: 18.559, lng: 73.7868 },
  { name: "Pashan", pincode: "411021", lat: 18.5407, lng: 73.7925 },
  { name: "Wakad", pincode: "411057", lat: 18.5987, lng: 73.7688 },
  { name: "Viman Nagar", pincode: "411014", lat: 18.5679, lng: 73.9143 },
  { name: "Kalyani Nagar", pincode: "411006", lat: 18.5463, lng: 73.9033 },
  { name: "Dhanori", pincode: "411015", lat: 18.5935, lng: 73.8893 },
  { name: "Hadapsar", pincode: "411028", lat: 18.5089, lng: 73.926 },
  { name: "Kondhwa", pincode: "411048", lat: 18.4695, lng: 73.8898 },
];

export const societyStarts: readonly string[] = `
Gulmohar Parijat Bakul Sonchafa Mogra Kanchan Palash Nilmohar Ashoka Chandan Indradhanu Chaitraban Shravanmegh Nakshatra Swapnapurti Amrutvel
`
  .trim()
  .split(/\s+/);

export const societyEnds: readonly string[] = [
  "Residency",
  "Heights",
  "Society",
  "Enclave",
  "Apartments",
  "Park",
  "Terraces",
];
